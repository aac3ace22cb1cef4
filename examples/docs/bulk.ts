import { nango } from 'temporal-nango/workflow';
import type { ConnectionRef } from 'temporal-nango/workflow';

export async function updateContacts(hubspot: ConnectionRef) {
  const source = { activity: 'contactsToUpdate', taskQueue: 'automations' };
  const sink = { activity: 'keepOutcomes', taskQueue: 'automations' };
  // a child, which stops when this workflow is cancelled
  const { done, failed, unknown } = await nango.bulk({ connection: hubspot, source, sink });
  return { done, failed, unknown };
}
