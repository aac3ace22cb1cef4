import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from '@temporalio/worker';
import { NangoPlugin } from '../../src/plugin';
import { ActionAdvice } from '../../src/activities/action-advice';
import type { DeployedFunction } from '../../src/contract/types';
import { many } from '../support/discovery-workflows';
import { World } from '../support/world';

// A workflow that makes many proxied calls is told once that there are actions.

describe('the advice of a worker', () => {
  const action = (name: string, of: Partial<DeployedFunction> = {}): DeployedFunction => ({
    ...{ integration: 'crm', kind: 'action', name, enabled: true },
    ...of,
  });

  /** What is said after each of some calls; `known` is what is deployed, once it has been read. */
  function after(calls: number, known: DeployedFunction[], read = () => Promise.resolve(known)) {
    let reads = 0;
    let have: DeployedFunction[] | undefined;
    const advice = new ActionAdvice({
      functionsOf: async () => {
        reads++;
        return (have = await read());
      },
      knownFunctionsOf: () => have,
    });
    const said = async () => {
      const all: (string[] | undefined)[] = [];
      for (let i = 0; i < calls; i++) {
        all.push(advice.afterCall('run', 'crm'));
        await turn();
      }
      return { said: all.filter((one) => one !== undefined), reads };
    };
    return said();
  }

  test('comes once, after many calls, and not before', async () => {
    expect(await after(9, [action('sum')])).toEqual({ said: [], reads: 1 });
    expect(await after(40, [action('sum')])).toEqual({ said: [['sum']], reads: 1 });
    expect(await after(4, [action('sum')])).toEqual({ said: [], reads: 0 });
  });

  test('names five at most, that can be called and that nobody is deceived by', async () => {
    const others = [
      action('off', { enabled: false }),
      action('sync', { kind: 'sync' }),
      action('\u001b[31mred'),
      action('x'.repeat(101)),
    ];
    const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => action(name));
    expect((await after(20, others)).said).toEqual([]);
    expect((await after(20, [...others, ...six])).said).toEqual([['a', 'b', 'c', 'd', 'e']]);
  });

  test('is left alone where what is deployed cannot be read', async () => {
    expect(await after(40, [], () => Promise.reject(new Error('forbidden')))).toEqual({ said: [], reads: 1 });
  });
});

describe('a workflow', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.open('dev', { workers: false });
    await world.startUserWorker('./discovery-workflows');
    world.nango.addIntegration({ key: 'plain', provider: 'github' });
    for (const integration of ['hubspot', 'plain']) {
      world.nango.addConnection({ integration, connectionId: 'c' });
      world.nango.onProxy(integration, () => ({ json: 1 }));
    }
    world.nango.onAction('hubspot', 'sync-contacts', () => 1);
  });

  afterAll(() => world?.close());

  test('of many calls is advised, unless it says something itself; one of few, and one that has no choice, is not', async () => {
    const worker = await world.startNangoWorker();
    const hubspot = { integration: 'hubspot', connectionId: 'c' };
    expect(await world.execute(many, hubspot, 30)).toContain('deployed actions: sync-contacts.');
    expect(await world.execute(many, hubspot, 30, 'my own')).toBe('my own');
    expect(await world.execute(many, hubspot, 5)).toBe('');
    expect(await world.execute(many, { integration: 'plain', connectionId: 'c' }, 30)).toBe('');
    worker.shutdown();
  });

  test('is never advised by a worker that was told so', async () => {
    const worker = await Worker.create({
      connection: world.env.nativeConnection,
      taskQueue: 'nango',
      plugins: [new NangoPlugin({ config: world.config, adviseActions: false })],
    });
    const details = await worker.runUntil(world.execute(many, { integration: 'hubspot', connectionId: 'c' }, 30));
    expect(details).toBe('');
  });
});
