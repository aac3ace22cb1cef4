import type { ProxiedResponse } from '../../../src/testing/fake-nango';

/** Where Nango has it that the provider of lists is. */
export const BASE_URL = 'https://crm.test/v3';

/**
 * Lists in pages. Items and bodies hold a canary beside what is picked; links hold one as an access token, as some
 * providers write it.
 *
 * @returns undefined for what is no list
 */
export function listResponse(path: string, said: () => string): ProxiedResponse | undefined {
  const { pathname, searchParams } = new URL(path, BASE_URL);
  const page = Number(searchParams.get('page') ?? 1);
  const items = () => ({ results: [{ id: `i${page}`, unpicked: said() }], account: said() });
  const next = () => `${BASE_URL}${pathname}?access_token=${said()}&page=${page + 1}`;
  const goesOn = page < 3;
  switch (pathname) {
    case '/cursor':
      return { json: { ...items(), after: goesOn ? page + 1 : null } };
    case '/linked':
      return { json: { ...items(), next: goesOn ? next() : null } };
    case '/headed':
      // Nango keeps the header of an answer in pieces.
      return {
        json: items(),
        chunked: true,
        headers: { link: goesOn ? `<${next()}>; rel="next"` : '<x>; rel="first"' },
      };
    case '/away':
      return { json: { ...items(), next: `https://evil.test/?access_token=${said()}` } };
    case '/nolist':
      return { json: { results: said(), [said()]: said() } };
    default:
      return undefined;
  }
}
