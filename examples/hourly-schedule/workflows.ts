import { log } from '@temporalio/workflow';
import { badResponse, ensureConnection, nango, partOf } from 'temporal-nango/workflow';

/** What one run has read, and through which connection. */
export interface Sync {
  connectionId: string;
  contacts: number;
}

/**
 * Counts a user's contacts; the first run that finds no connection asks for it, and waits like those after it. The same
 * where the user has revoked access in the meantime: `heal`.
 */
export async function syncContacts(userId: string): Promise<Sync> {
  const hubspot = await ensureConnection({ integration: 'hubspot', endUser: { id: userId }, heal: true });
  // Only a search tells the total. It is a POST that changes nothing, so it may be repeated like a GET.
  const how = { pick: ['/total'], idempotent: true };
  const found = await nango.post(hubspot, '/crm/v3/objects/contacts/search', { limit: 1 }, how);
  const contacts = partOf(found, '/total');
  if (typeof contacts !== 'number') throw badResponse('/total is not a number.');
  log.info('Contacts counted', { userId, contacts });
  return { connectionId: hubspot.connectionId, contacts };
}
