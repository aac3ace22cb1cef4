import { ensureConnection, nango, path } from 'temporal-nango/workflow';
import type { Outcome } from 'temporal-nango/workflow';

/** Waits for the user's HubSpot account, then reads contacts; once more if it stops working in between. */
export async function onboard(userId: string, contactIds: string[]): Promise<Outcome[]> {
  const hubspot = await ensureConnection({ integration: 'hubspot', endUser: { id: userId }, heal: true });
  return await nango.fanOut(
    hubspot,
    contactIds.map((id) => ({ method: 'GET', endpoint: path`/crm/v3/objects/contacts/${id}` })),
  );
}
