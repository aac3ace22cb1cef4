import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NangoConnections } from 'temporal-nango';
import { TASK_QUEUE } from './task-queue';
import type { DealReport, reportDeals } from './workflows';

/**
 * Starts the automation of a user, who need not have connected anything yet.
 *
 * @returns the workflow's id, and where the user connects HubSpot if that is still to be done
 */
export async function main(report: DealReport): Promise<{ workflowId: string; connectLink?: string }> {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await Connection.connect(connectionOptions);
  try {
    const client = new Client({ connection, namespace });
    const { workflowId } = await client.workflow.start<typeof reportDeals>('reportDeals', {
      workflowId: `report-deals-${report.userId}`,
      taskQueue: TASK_QUEUE,
      args: [report],
    });
    // The same request that the workflow waits for.
    const wanted = { integration: 'hubspot', endUser: { id: report.userId } };
    const request = await new NangoConnections(client).ensureConnection(wanted);
    return request.kind === 'connection' ? { workflowId } : { workflowId, connectLink: await request.connectLink() };
  } finally {
    await connection.close();
  }
}

if (require.main === module) {
  const [userId = 'u_42', ...dealIds] = process.argv.slice(2);
  void main({ userId, dealIds, rounds: 30 }).then(console.log);
}
