import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:http2';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../../bench/compare/figures/statistics';
import { temporalBinary } from '../../src/dev/binaries';
import { closable } from '../../src/dev/closable';
import type { EmbeddedTemporal } from '../../src/dev/embedded-temporal';
import { startTemporal, type StartTemporalOptions } from '../../src/dev/start-temporal';
import { TemporalUnavailableError } from '../../src/dev/unavailable-error';
import { fakeMachine, type FakeMachine, type Script } from '../dev/fake-machine';
import { compileDev, otherProcess } from '../dev/other-process';
import { eventually } from '../support/eventually';

let folder: string;
const ending: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-temporal-'));
});
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
  await rm(folder, { recursive: true, force: true });
});

async function start(options?: StartTemporalOptions): Promise<EmbeddedTemporal> {
  const temporal = await startTemporal(options);
  ending.push(() => temporal.stop());
  return temporal;
}

async function clientOf({ address, namespace }: EmbeddedTemporal): Promise<Client> {
  const connection = await Connection.connect({ address, ...closable });
  ending.push(() => connection.close());
  return new Client({ connection, namespace });
}

/** Starts a workflow that no worker will ever run. */
function startWorkflow(client: Client, workflowId: string, workflowExecutionTimeout?: number) {
  return client.workflow.start('nobody-runs-this', { workflowId, taskQueue: 'nobody', workflowExecutionTimeout });
}

/** Milliseconds until the server ends a workflow that may run for 50. */
async function timesOut(client: Client, workflowId: string): Promise<number> {
  const handle = await startWorkflow(client, workflowId, 50);
  const started = performance.now();
  await expect(handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
  return performance.now() - started;
}

async function failureOf(start: Promise<unknown>): Promise<TemporalUnavailableError> {
  const error: unknown = await start.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TemporalUnavailableError);
  return error as TemporalUnavailableError;
}

function isRunning(pid: number | undefined): boolean {
  try {
    return process.kill(pid as number, 0);
  } catch {
    return false;
  }
}

/** Connects to the server; `closed` is fulfilled when the server ends the connection. */
async function connected({ address }: { address: string }): Promise<{ closed: Promise<unknown> }> {
  const session = connect(`http://${address}`);
  await once(session, 'remoteSettings');
  return { closed: new Promise((resolve) => session.on('error', () => undefined).once('close', resolve)) };
}

describe('a started server', () => {
  it('takes a workflow at once', async () => {
    const client = await clientOf(await start());
    const handle = await startWorkflow(client, 'first');
    expect((await handle.describe()).status.name).toBe('RUNNING');
  });

  it('does not get in the way of others that start at the same time', async () => {
    const servers = await Promise.all([start(), start(), start()]);
    expect(new Set(servers.map(({ address }) => address)).size).toBe(3);
    for (const server of servers) await startWorkflow(await clientOf(server), 'mine');
  });

  it('fires timers on time: sooner than a server whose own default is left, by which they are up to a second late', async () => {
    const dynamicConfig = { 'history.timerProcessorMaxTimeShift': '"1s"' };
    const [ours, late] = await Promise.all([start(), start({ dynamicConfig })].map(async (one) => clientOf(await one)));
    const took = { ours: [] as number[], late: [] as number[] };
    for (let n = 0; n < 5; n++) {
      took.ours.push(await timesOut(ours!, `on time ${n}`));
      took.late.push(await timesOut(late!, `late ${n}`));
    }
    // The quickest of ours, since a busy machine is late as well.
    expect(2 * Math.min(...took.ours)).toBeLessThan(median(took.late));
  });

  it('takes dynamic configuration over our own', async () => {
    const client = await clientOf(await start({ dynamicConfig: { 'limit.maxIDLength': '50' } }));
    await expect(startWorkflow(client, 'x'.repeat(51))).rejects.toThrow();
    await startWorkflow(client, 'short');
  });

  it('has a web UI only if asked', async () => {
    expect((await start()).uiUrl).toBeUndefined();
    const { uiUrl } = await start({ ui: true });
    expect((await fetch(uiUrl as string)).status).toBe(200);
  });

  it('is gone once stop is fulfilled, however often it is called', async () => {
    const temporal = await start();
    expect(isRunning(temporal.pid)).toBe(true);
    await Promise.all([temporal.stop(), temporal.stop()]);
    expect(isRunning(temporal.pid)).toBe(false);
    await temporal.stop();
  });

  it('knows after a restart what it knew before, if it has a file', async () => {
    const dbFilename = join(folder, 'temporal.db');
    const before = await start({ dbFilename });
    await startWorkflow(await clientOf(before), 'kept');
    await before.stop();

    const client = await clientOf(await start({ dbFilename }));
    expect((await client.workflow.getHandle('kept').describe()).status.name).toBe('RUNNING');
  });

  it('listens at the port it was given', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, 'close');
    expect((await start({ port })).address).toBe(`127.0.0.1:${port}`);
  });

  it('ends when the process that started it is killed', async () => {
    await compileDev(folder);
    const script = 'console.log(JSON.stringify(await dev.startTemporal()));';
    const owner = otherProcess(folder, 'start-temporal', script, { ...process.env });
    ending.push(() => owner.kill());
    const temporal = JSON.parse(await owner.line()) as { address: string; pid: number };
    const { closed } = await connected(temporal);
    await owner.kill();
    await closed;
    // Nothing tells of the end of a process that is not our child.
    await eventually(() => Promise.resolve(isRunning(temporal.pid) ? undefined : true));
  });
});

describe('a server that does not start', () => {
  it('is reported with what it said and the command that was run', async () => {
    const { message, command } = await failureOf(start({ dbFilename: join(folder, 'no such folder', 'db') }));
    expect(message).toMatch(/temporal server start-dev: exited with 1\n.*no such file or directory/);
    expect(command).toContain(`${await temporalBinary()} server start-dev --ip 127.0.0.1 --port `);
  });

  it('is reported if another server answers at its port', async () => {
    const { address } = await start();
    const port = Number(address.split(':')[1]);
    expect((await failureOf(start({ port }))).message).toContain('address already in use');
  });
});

describe('a CLI on the PATH', () => {
  let machine: FakeMachine;
  const path = process.env.PATH;
  beforeEach(async () => {
    machine = await fakeMachine();
  });
  afterEach(async () => {
    process.env.PATH = path;
    await machine.remove();
  });

  async function install(startDev: Script): Promise<void> {
    await machine.install('temporal', `case "$*" in "server start-dev "*) ${startDev} ;; esac`);
    process.env.PATH = machine.env.PATH;
  }
  const starts = async () => (await machine.calls()).filter((call) => call.startsWith('temporal server start-dev'));

  it('is started again at another port if the one we chose is taken after all', async () => {
    const real = await temporalBinary();
    const once = join(machine.root, 'once');
    const taken = 'echo "listen tcp 127.0.0.1:1: bind: address already in use" >&2; exit 1';
    await install(`if mkdir ${once} 2>/dev/null; then ${taken}; fi; exec ${real} "$@"`);

    await startWorkflow(await clientOf(await start()), 'first');
    const [first, second, ...more] = (await starts()).map((call) => /--port \d+/.exec(call)?.[0]);
    expect(more).toEqual([]);
    expect(second).not.toBe(first);
  });

  it('is not started for ever if every port is taken', async () => {
    await install('echo "address already in use" >&2; exit 1');
    await failureOf(start());
    expect(await starts()).toHaveLength(5);
  });

  it('is reported with its last 20 lines if it exits after its banner', async () => {
    await install('echo banner; for i in $(seq 1 30); do echo "line $i." >&2; done; exit 3');
    const { message } = await failureOf(start());
    expect(message).toContain('exited with 3');
    expect(message).toContain('line 11.');
    expect(message).toContain('line 30.');
    expect(message).not.toContain('line 10.');
  });
});
