import type { Context, Next } from 'hono';
import { fail } from './responses';
import type { Env } from './env';
import { takesJsonOnly } from './route-table';

/** Reads the body. Its JSON, and then its kind, are looked at before the route and the key. */
export async function readBody(c: Context<Env>, next: Next): Promise<void> {
  const raw = Buffer.from(await c.req.arrayBuffer());
  c.set('raw', raw);
  c.set('origin', `http://${c.req.header('host') ?? 'localhost'}`);
  const type = typeOf(c);
  if (type?.split(';', 1)[0]?.trim() === 'application/json' && isThere(c)) c.set('body', parseJson(raw));
  await next();
}

/** Ends a request whose body is of a kind that its route does not take. */
export async function checkKind(c: Context<Env>, next: Next): Promise<void> {
  const type = typeOf(c);
  if (type !== undefined && !type.startsWith('application/json') && takesJsonOnly(c.req.path)) {
    fail(415, { code: 'invalid_content_type', message: 'Only application/json is taken here.' });
  }
  await next();
}

function typeOf(c: Context<Env>): string | undefined {
  return c.req.header('content-type')?.toLowerCase();
}

/** A body may be there and be empty. */
function isThere(c: Context<Env>): boolean {
  return c.req.header('content-length') !== undefined || c.req.header('transfer-encoding') !== undefined;
}

/** Only objects and lists are bodies; nothing at all counts as an empty object. */
function parseJson(raw: Buffer): unknown {
  const text = raw.toString('utf8');
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  return fail(400, { code: 'invalid_json', message: 'The body is no JSON.' });
}
