import { badResponse, nango, partOf } from 'temporal-nango/workflow';
import type { ConnectionRef } from 'temporal-nango/workflow';

export async function countContacts(hubspot: ConnectionRef): Promise<number> {
  const how = { pick: ['/total'], idempotent: true };
  const found = await nango.post(hubspot, '/crm/v3/objects/contacts/search', { limit: 1 }, how);
  const total = partOf(found, '/total');
  if (typeof total !== 'number') throw badResponse('/total is not a number.');
  return total;
}
