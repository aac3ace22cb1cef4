import type { ConnectionOptions } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { temporalBinary, testServerBinary } from '../../src/dev/binaries';
import { closable } from '../../src/dev/closable';
import { dynamicConfigArgs, ourDynamicConfig } from '../../src/dev/dynamic-config';

/** What a test still waits for when its server goes must not fail the file that runs next. */
const plugins = [
  { name: 'closable', configureConnection: (options: ConnectionOptions) => ({ ...options, ...closable }) },
];

/**
 * A Temporal server whose clock jumps while a workflow's result is awaited: for waits of hours and days. It knows less
 * than a real one, and its clock is one for all workflows, so use one per test file. End it with `teardown()`.
 */
export async function createTimeSkippingEnv(): Promise<TestWorkflowEnvironment> {
  const path = await testServerBinary();
  return TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
    plugins,
  });
}

/**
 * A real Temporal dev server, with the real clock, whose timers fire on time (as it comes, up to a second late). End it
 * with `teardown()`.
 *
 * @param options.dbFilename SQLite file that keeps its state across restarts. Default: in memory.
 * @param options.dynamicConfig the server's dynamic configuration, over ours
 */
export async function createDevServerEnv(
  options: { dbFilename?: string; dynamicConfig?: Record<string, string> } = {},
): Promise<TestWorkflowEnvironment> {
  const path = await temporalBinary();
  return TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      dbFilename: options.dbFilename,
      log: { format: 'pretty', level: 'error' },
      extraArgs: dynamicConfigArgs({ ...(await ourDynamicConfig(path)), ...options.dynamicConfig }),
    },
    plugins,
  });
}
