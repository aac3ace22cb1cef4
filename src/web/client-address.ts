import { isIP } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import ipaddr from 'ipaddr.js';

/** Whoever comes without an address shares one. */
const UNKNOWN = 'unknown';

export type AddressOf = (c: Context) => string;

/**
 * Tells by which address a request is counted: the socket's or, behind proxies, the one that the outermost of them saw. An
 * IPv6 address counts as its /64, since one customer has all of that.
 *
 * @param trustedProxies how many proxies add to `X-Forwarded-For`: the entries to the left of theirs are hearsay
 */
export function addressOf(trustedProxies: number): AddressOf {
  return (c) => {
    const forwarded = trustedProxies === 0 ? [] : (c.req.header('x-forwarded-for') ?? '').split(',');
    const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
    return bucket(forwarded.at(-trustedProxies)) ?? bucket(incoming?.socket.remoteAddress) ?? UNKNOWN;
  };
}

function bucket(written = ''): string | undefined {
  const [address = ''] = withoutPort(written.trim()).split('%');
  // ipaddr.js alone would take `1` for 0.0.0.1.
  if (isIP(address) === 0) return undefined;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}

/** Some proxies write `203.0.113.7:49152` and `[2001:db8::1]:49152`. */
function withoutPort(written: string): string {
  return /^\[(.*)\](?::\d+)?$/.exec(written)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(written)?.[1] ?? written;
}
