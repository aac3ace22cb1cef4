import { badResponse, nango, partOf, withReconnect } from 'temporal-nango/workflow';
import type { Connection, Json } from 'temporal-nango/workflow';

/**
 * Reads the names of a user's contacts through a connection that exists. Should it stop working, the user is asked to
 * connect anew, and the import begins from its beginning.
 */
export async function importContacts(connection: Connection): Promise<string[]> {
  return await withReconnect(connection, async (hubspot) => {
    const endpoint = '/crm/v3/objects/contacts?limit=100&properties=firstname';
    return firstNames(await nango.get(hubspot, endpoint, { pick: ['/results'] }));
  });
}

/** Whoever has no first name is left out; an answer of another shape fails the workflow. */
function firstNames(page: Json): string[] {
  const contacts = partOf(page, '/results');
  if (!Array.isArray(contacts)) throw badResponse('/results is not a list.');
  return contacts.flatMap((contact) => {
    const name = partOf(contact, 'properties', 'firstname');
    if (name === undefined || name === null) return [];
    if (typeof name !== 'string') throw badResponse('A first name is not a text.');
    return [name];
  });
}
