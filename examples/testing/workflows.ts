import { ensureConnection, nango, path } from 'temporal-nango/workflow';
import type { Outcome } from 'temporal-nango/workflow';

/** Waits for the user's HubSpot account, then reads contacts. */
export async function onboard(userId: string, contactIds: string[]): Promise<Outcome[]> {
  const hubspot = await ensureConnection({ integration: 'hubspot', endUser: { id: userId } });
  return await nango.fanOut(
    hubspot,
    contactIds.map((id) => ({ method: 'GET', endpoint: path`/crm/v3/objects/contacts/${id}` })),
  );
}
