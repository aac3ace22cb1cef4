import { ensureConnection, nango } from 'temporal-nango/workflow';

/** What one run has read, and through which connection. */
export interface Sync {
  connectionId: string;
  contacts: number;
}

/** Counts a user's contacts; the first run that finds no connection asks for it, and waits like those after it. */
export async function syncContacts(userId: string): Promise<Sync> {
  const hubspot = await ensureConnection({ integration: 'hubspot', endUser: { id: userId } });
  const page = await nango.get(hubspot, '/crm/v3/objects/contacts?limit=1', { pick: ['/total'] });
  const { '/total': contacts } = page as { '/total': number };
  return { connectionId: hubspot.connectionId, contacts };
}
