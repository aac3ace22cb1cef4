import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Worker } from '@temporalio/worker';
import { NangoPlugin } from 'temporal-nango';

/** The one process that holds the Nango key. @param stopped default: runs until SIGTERM, then drains */
export async function main(stopped?: Promise<void>): Promise<void> {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await NativeConnection.connect(connectionOptions);
  try {
    const worker = await Worker.create({
      connection,
      namespace,
      taskQueue: 'nango',
      plugins: [new NangoPlugin({ workflows: true })],
      // Writes in flight get this long to end.
      shutdownGraceTime: '30 seconds',
    });
    await (stopped === undefined ? worker.run() : worker.runUntil(stopped));
  } finally {
    await connection.close();
  }
}

if (require.main === module) void main();
