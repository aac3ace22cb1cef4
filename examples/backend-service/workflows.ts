import { nango } from 'temporal-nango/workflow';
import type { ConnectionRef } from 'temporal-nango/workflow';

/** Reads the names of a user's contacts through a connection that exists. */
export async function importContacts(connection: ConnectionRef): Promise<string[]> {
  const page = await nango.get(connection, '/crm/v3/objects/contacts?limit=100&properties=firstname', {
    pick: ['/results'],
  });
  const { '/results': contacts } = page as { '/results': { properties: { firstname: string } }[] };
  return contacts.map(({ properties }) => properties.firstname);
}
