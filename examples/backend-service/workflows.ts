import { badResponse, nango, partOf } from 'temporal-nango/workflow';
import type { ConnectionRef, Json } from 'temporal-nango/workflow';

/** Reads the names of a user's contacts through a connection that exists. */
export async function importContacts(connection: ConnectionRef): Promise<string[]> {
  const page = await nango.get(connection, '/crm/v3/objects/contacts?limit=100&properties=firstname', {
    pick: ['/results'],
  });
  return firstNames(page);
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
