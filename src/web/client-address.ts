import { isIP } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

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
  const address = withoutPort(written.trim());
  switch (isIP(address)) {
    case 4:
      return address;
    case 6:
      return bucketOfV6(address);
    default:
      return undefined;
  }
}

/** Some proxies write `203.0.113.7:49152` and `[2001:db8::1]:49152`. */
function withoutPort(written: string): string {
  return /^\[(.*)\](?::\d+)?$/.exec(written)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(written)?.[1] ?? written;
}

function bucketOfV6(address: string): string {
  const [plain = ''] = address.split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = [], tail] = plain.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  // The network's half: what `::` leaves out is zeros, up to what follows it.
  const left = tail === undefined ? 0 : 8 - head.length - tail.length - (plain.includes('.') ? 1 : 0);
  const groups = [...head, ...Array<string>(left).fill('0'), ...(tail ?? [])].slice(0, 4);
  return `${groups.map((group) => parseInt(group, 16).toString(16)).join(':')}::/64`;
}
