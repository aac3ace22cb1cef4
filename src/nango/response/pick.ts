import type { Json } from '../../contract/types';

/**
 * Parts of a document by JSON pointer (RFC 6901), as `{ [pointer]: value }`. What a pointer does not find is absent.
 */
export function pick(document: Json, pointers: string[]): { [pointer: string]: Json } {
  const picked: { [pointer: string]: Json } = {};
  for (const pointer of pointers) {
    const value = at(document, pointer);
    if (value !== undefined) picked[pointer] = value;
  }
  return picked;
}

/**
 * What stands at a JSON pointer; or at a path with dots (`paging.next.after`), as Nango's own configurations are written,
 * where a key that itself holds the dots (`@odata.nextLink`) wins.
 */
export function valueAt(document: Json, place: string): Json | undefined {
  if (place === '' || place.startsWith('/')) return at(document, place);
  if (typeof document === 'object' && document !== null && Object.hasOwn(document, place)) {
    return (document as { [key: string]: Json })[place];
  }
  const keys = place.replace(/\[(\w+)\]/g, '.$1').split('.');
  return at(document, keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''));
}

function at(document: Json, pointer: string): Json | undefined {
  let place: Json | undefined = document;
  for (const raw of pointer.split('/').slice(1)) {
    const key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof place !== 'object' || place === null || !Object.hasOwn(place, key)) return undefined;
    if (Array.isArray(place) && !/^\d+$/.test(key)) return undefined;
    place = (place as { [key: string]: Json })[key];
  }
  return place;
}
