import type { Context } from 'hono';
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie';
import type { Operator } from './operator';

const COOKIE = 'temporal_nango_inbox';
const SESSION_S = 12 * 3_600;

/** The cookie says who somebody is and until when, signed with the token; the token is not in it. */
export async function openSession(c: Context, token: string, { name }: Operator): Promise<void> {
  const until = Date.now() + SESSION_S * 1_000;
  const value = `${until}.${Buffer.from(name).toString('base64url')}`;
  await setSignedCookie(c, COOKIE, value, token, { ...attributes(c), maxAge: SESSION_S });
}

/** @returns nothing without a session, with a forged one, and with one that has ended */
export async function readSession(c: Context, token: string): Promise<Operator | undefined> {
  const value = await getSignedCookie(c, token, COOKIE);
  if (!value) return undefined;
  const [until, name = ''] = value.split('.');
  return Number(until) > Date.now() ? { name: Buffer.from(name, 'base64url').toString() } : undefined;
}

export function closeSession(c: Context): void {
  deleteCookie(c, COOKIE, attributes(c));
}

/** Where the inbox is mounted is not known here, so the path is the whole host. */
function attributes(c: Context) {
  // A proxy that ends TLS says so; whoever makes that up only harms the cookie they are given.
  const secure = new URL(c.req.url).protocol === 'https:' || c.req.header('x-forwarded-proto') === 'https';
  return { path: '/', httpOnly: true, sameSite: 'Strict', secure } as const;
}
