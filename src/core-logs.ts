import { makeTelemetryFilterString } from '@temporalio/worker';
import type { RuntimeOptions } from '@temporalio/worker';

/**
 * Has what Temporal's core says told by the process's own logger. By itself core writes to standard output, in its own
 * format, whatever logger the process has.
 */
export function coreLogs(level: 'WARN' | 'ERROR'): RuntimeOptions['telemetryOptions'] {
  return { logging: { filter: makeTelemetryFilterString({ core: level, other: 'ERROR' }), forward: {} } };
}
