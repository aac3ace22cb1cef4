import { ensureConnection, nango } from 'temporal-nango/workflow';

export async function syncContacts(userId: string) {
  const hubspot = await ensureConnection({ integration: 'hubspot', endUser: { id: userId }, heal: true });
  return await nango.get(hubspot, '/crm/v3/objects/contacts'); // fails, waits, and goes on, however long it takes
}
