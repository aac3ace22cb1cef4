import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Worker } from '@temporalio/worker';
import { TASK_QUEUE } from './task-queue';

/** Runs the application's workflows. It needs no Nango key. @param stopped default: runs until SIGTERM */
export async function main(stopped?: Promise<void>): Promise<void> {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await NativeConnection.connect(connectionOptions);
  try {
    const workflowsPath = require.resolve('./workflows');
    const worker = await Worker.create({ connection, namespace, taskQueue: TASK_QUEUE, workflowsPath });
    await (stopped === undefined ? worker.run() : worker.runUntil(stopped));
  } finally {
    await connection.close();
  }
}

if (require.main === module) void main();
