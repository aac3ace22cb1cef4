import type { ProxyHandler } from '../../testing/fake-nango/proxy';

/** Contacts of every account. */
const CONTACTS = ['Ann', 'Ben', 'Cleo'].map((firstname, i) => ({
  id: String(i + 1),
  properties: { firstname, email: `${firstname.toLowerCase()}@example.com` },
}));

/**
 * The part of HubSpot's API that the examples use: contacts to list, find and read, deals to read, notes to write and read
 * back. Undefined for everything else. Notes are one list for all accounts, and are gone with the process.
 */
export function madeUpHubspot(): (...args: Parameters<ProxyHandler>) => ReturnType<ProxyHandler> | undefined {
  const notes: { id: string; properties: unknown }[] = [];
  return ({ method, path, body }) => {
    const { pathname } = new URL(path, 'http://hubspot');
    const [kind, id] = /^\/crm\/v3\/objects\/(\w+)(?:\/(\w+))?$/.exec(pathname)?.slice(1) ?? [];
    switch (`${method} ${kind}`) {
      case 'GET contacts':
        return id === undefined
          ? { json: { results: CONTACTS } }
          : found(CONTACTS.find((contact) => contact.id === id));
      case 'POST contacts':
        return id === 'search' ? { json: { total: CONTACTS.length, results: CONTACTS } } : undefined;
      case 'GET deals':
        return id === undefined ? undefined : found(deal(id));
      case 'GET notes':
        return id === undefined ? { json: { results: notes } } : found(notes.find((note) => note.id === id));
      case 'POST notes': {
        const note = {
          id: String(notes.length + 1),
          properties: (body as { properties?: unknown } | null)?.properties,
        };
        notes.push(note);
        return { status: 201, json: note };
      }
      default:
        return undefined;
    }
  };
}

/** A deal that has a number is worth a hundred times that; as everywhere in HubSpot, numbers are texts. */
function deal(id: string): object | undefined {
  return /^\d{1,9}$/.test(id)
    ? { id, properties: { dealname: `Deal ${id}`, amount: String(Number(id) * 100) } }
    : undefined;
}

function found(object: object | undefined): ReturnType<ProxyHandler> {
  return object === undefined ? { status: 404, json: { message: 'There is no such object.' } } : { json: object };
}
