#!/usr/bin/env node
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Logger } from '@temporalio/worker';
import pino from 'pino';
import { resolveConfig } from './config';
import { findNangoFailure } from './contract/errors';
import { coreLogs } from './core-logs';
import type { Notifier, OperatorNotifier } from './notifier';
import { NangoPlugin } from './plugin';

/** Why the process ended. */
export const EXIT = {
  /** asked to stop, and everything in flight was finished */
  drained: 0,
  /** something broke that nobody foresaw */
  crashed: 1,
  /** the key, the address or another setting is wrong */
  misconfigured: 2,
  /** Temporal could not be reached */
  temporalUnavailable: 3,
} as const;

/** Writes in flight at SIGTERM get this long to end. */
const SHUTDOWN_GRACE = '30 seconds';
/** Heartbeats carry what a crash would otherwise repeat, so they must not be held back for long. */
const HEARTBEAT_THROTTLE = '500ms';
/** A person waits for a click to be answered: what lies in the queue of a worker that has died goes to another one this soon. */
const STICKY_FOR = '2 seconds';

/**
 * Runs the worker that holds the Nango key until SIGTERM or SIGINT, then drains it. Temporal is found by
 * `@temporalio/envconfig` (`TEMPORAL_ADDRESS`, profiles, `temporal.toml`), Nango by `config.ts`.
 *
 * @param notifiers default of each: a line on standard output
 * @throws Nango.Misconfigured; TransportError if Temporal cannot be reached
 */
export async function runNangoWorker(
  notifiers: { notifier?: Notifier; operatorNotifier?: OperatorNotifier } = {},
): Promise<void> {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await NativeConnection.connect(connectionOptions);
  try {
    // Not before: what is thrown without a connection that is closed keeps the process alive.
    const config = resolveConfig();
    const worker = await Worker.create({
      connection,
      namespace,
      taskQueue: config.taskQueue,
      plugins: [new NangoPlugin({ config, workflows: true, ...notifiers })],
      shutdownGraceTime: SHUTDOWN_GRACE,
      stickyQueueScheduleToStartTimeout: STICKY_FOR,
      maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
      defaultHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
    });
    await worker.run();
  } finally {
    await connection.close();
  }
}

/** Structured logs of the worker and of Temporal's core, one JSON object a line on standard output (1) or error (2). */
export function pinoLogger(fd: 1 | 2): Logger {
  const log = pino(pino.destination(fd));
  const at = (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') => (message: string, meta?: object) =>
    log[level](meta ?? {}, message);
  const logger = { trace: at('trace'), debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  return {
    ...logger,
    log: (level, message, meta) => logger[level.toLowerCase() as keyof typeof logger](message, meta),
  };
}

function exitCode(error: unknown): number {
  const failure = findNangoFailure(error);
  if (failure?.type === 'Nango.Misconfigured') return EXIT.misconfigured;
  return error instanceof Error && error.name === 'TransportError' ? EXIT.temporalUnavailable : EXIT.crashed;
}

async function main(): Promise<void> {
  const logger = pinoLogger(1);
  Runtime.install({ logger, telemetryOptions: coreLogs('WARN') });
  try {
    await runNangoWorker();
    process.exitCode = EXIT.drained;
  } catch (error) {
    process.exitCode = exitCode(error);
    logger.error(error instanceof Error ? error.message : String(error), { exitCode: process.exitCode });
  }
}

if (require.main === module) void main();
