import { ensureConnection, nango, path } from 'temporal-nango/workflow';

export async function onboard(userId: string, contactIds: string[]) {
  const hubspot = await ensureConnection({ integration: 'hubspot', endUser: { id: userId }, heal: true });
  const owner = await nango.get(hubspot, path`/crm/v3/owners/me`);
  const contacts = await nango.fanOut(
    hubspot,
    contactIds.map((id) => ({ method: 'GET', endpoint: path`/crm/v3/objects/contacts/${id}` })),
  );
  return { owner, contacts };
}
