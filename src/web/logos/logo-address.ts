import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { NangoConfig } from '../../config';

/** Where a logo is fetched. */
export interface LogoAddress {
  url: URL;
  /** finds the host; absent for Nango's own, which is wherever the settings say */
  lookup?: LookupFunction;
}

/**
 * Where the logo is that Nango names: at Nango itself, or by HTTPS at a host of the internet. So whoever could change what
 * Nango says has our server reach nothing in the network that it stands in.
 *
 * @param named by Nango, in the address that browsers use
 * @returns nothing for any other address
 */
export function logoAddress(named: string, { baseUrl, publicBaseUrl }: NangoConfig): LogoAddress | undefined {
  const isPublic = publicBaseUrl !== undefined && named.startsWith(`${publicBaseUrl}/`);
  const address = isPublic ? baseUrl + named.slice(publicBaseUrl.length) : named;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.origin === new URL(baseUrl).origin) return { url };
  const isAddress = isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0;
  return url.protocol === 'https:' && !isAddress ? { url, lookup: lookUpPublic } : undefined;
}

/** Finds hosts of the internet only. It is called when the connection is made, so that no later look-up says another thing. */
const lookUpPublic: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    const [first] = found ?? [];
    if (error !== null || first === undefined) return done(error ?? new Error('Not found'), []);
    const isPublic = found.every(({ address }) => ipaddr.process(address).range() === 'unicast');
    if (!isPublic) return done(new Error('Not of the internet'), []);
    if (options.all) done(null, found);
    else done(null, first.address, first.family);
  });
};
