import { Connection } from '@temporalio/client';
import { setTimeout as after } from 'node:timers/promises';
import { temporalBinary } from './binaries';
import { dynamicConfigArgs, ourDynamicConfig } from './dynamic-config';
import type { EmbeddedTemporal } from './embedded-temporal';
import { freePort } from './free-port';
import { startServerProcess, type ServerProcess } from './server-process';
import { shellCommand } from './shell-command';
import { TemporalUnavailableError } from './unavailable-error';

const IP = '127.0.0.1';
const NAMESPACE = 'default';
const READY_WITHIN_MS = 30_000;
const PROBE_MS = 5_000;
const PAUSE_MS = 50;
const PORT_ATTEMPTS = 5;
const PORT_IN_USE = /address already in use|Only one usage of each socket address/;

/** Options of {@link startTemporal}. */
export interface StartTemporalOptions {
  /** Port of the gRPC service. Default: a free one. */
  port?: number;
  /** SQLite file, made if there is none, that keeps the server's state across restarts. Default: in memory. */
  dbFilename?: string;
  /** Dynamic configuration, key to JSON value, over our own, which makes the server quick and fair. */
  dynamicConfig?: Record<string, string>;
  /** Serve the web UI, at `port` + 1000 if `port` is given, else at a free port. Default: false. */
  ui?: boolean;
}

/**
 * Starts a Temporal dev server on this machine, for this process: it ends when this process ends, however that happens.
 * It listens on `127.0.0.1` only. The promise is fulfilled once the server answers gRPC.
 *
 * @throws {@link TemporalUnavailableError} if there is no Temporal CLI; or if it exits, or does not answer within 30 s,
 * then with the last lines it wrote
 */
export async function startTemporal(options: StartTemporalOptions = {}): Promise<EmbeddedTemporal> {
  const binary = await temporalBinary();
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(binary, options);
    } catch (error) {
      const inUse = error instanceof Error && PORT_IN_USE.test(error.message);
      if (!inUse || options.port !== undefined || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function startOnce(binary: string, options: StartTemporalOptions): Promise<EmbeddedTemporal> {
  const port = options.port ?? (await freePort());
  const uiPort = options.ui ? (options.port === undefined ? await freePort() : options.port + 1000) : undefined;
  const args = [
    ...['server', 'start-dev', '--ip', IP, '--port', String(port), '--log-level', 'error'],
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(options.dbFilename === undefined ? [] : ['--db-filename', options.dbFilename]),
    ...dynamicConfigArgs({ ...(await ourDynamicConfig(binary)), ...options.dynamicConfig }),
  ];
  const address = `${IP}:${port}`;
  const server = await startServerProcess(binary, args);
  const fault = await faultAtStart(server, address);
  if (fault !== undefined) {
    await server.stop();
    const said = [`temporal server start-dev: ${fault}`, server.lastLines()].join('\n').trimEnd();
    throw new TemporalUnavailableError('The Temporal server did not start', [said], shellCommand(binary, args));
  }
  return {
    address,
    namespace: NAMESPACE,
    uiUrl: uiPort === undefined ? undefined : `http://${IP}:${uiPort}`,
    pid: server.pid,
    stop: () => server.stop(),
  };
}

/** Waits until `server` answers; says what happened instead, if it does not. */
async function faultAtStart(server: ServerProcess, address: string): Promise<string | undefined> {
  const over = new AbortController();
  const tooLate = after(READY_WITHIN_MS, `did not answer within ${READY_WITHIN_MS / 1000} s`, { signal: over.signal });
  // Without the client's own retries: their timers outlive the connection, and then throw into the process.
  const connection = Connection.lazy({ address, interceptors: [] });
  try {
    // It prints its banner once its ports are its own. A response before that might be another server's.
    const ready = server.spoke.then(() => responds(connection, over.signal));
    return await Promise.race([ready, server.exited, tooLate]);
  } catch (error) {
    return String(error);
  } finally {
    over.abort();
    await connection.close();
  }
}

async function responds(connection: Connection, over: AbortSignal): Promise<undefined> {
  const probe = () => connection.workflowService.describeNamespace({ namespace: NAMESPACE });
  while (!over.aborted) {
    try {
      await connection.withDeadline(Date.now() + PROBE_MS, probe);
      return undefined;
    } catch {
      await after(PAUSE_MS);
    }
  }
  return undefined;
}
