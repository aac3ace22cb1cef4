import { Client, Connection } from '@temporalio/client';
import { startTemporal } from '../../src/dev';
import { closable } from '../../src/dev/closable';

test('what is still waited for when connection and server end fails there, and does not throw out of a timer', async () => {
  const temporal = await startTemporal();
  const connection = await Connection.connect({ address: temporal.address, ...closable });
  const client = new Client({ connection, namespace: temporal.namespace });
  const workflow = await client.workflow.start('nobody-runs-it', { workflowId: 'w', taskQueue: 'nobody' });
  const end = workflow.result().catch((error: Error) => error);
  // It waits at the server.
  await client.workflow.getHandle('w').describe();
  await connection.close();
  await temporal.stop();
  expect(await end).toBeInstanceOf(Error);
  await expect(workflow.describe()).rejects.toBeInstanceOf(Error);
});
