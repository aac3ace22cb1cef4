import type { Client } from '@temporalio/client';

export async function contactsOf(temporalClient: Client, userId: string): Promise<unknown> {
  const calls = [{ method: 'GET', endpoint: '/crm/v3/objects/contacts' }];
  const wanted = { integration: 'hubspot', endUser: { id: userId }, calls };
  const named = { workflowId: `contacts-of-${userId}`, taskQueue: 'nango' };
  const handle = await temporalClient.workflow.start('ensureConnection', { ...named, args: [wanted] });
  return await handle.result(); // { connection, outcomes }
}
