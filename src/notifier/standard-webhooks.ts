import { createHmac, timingSafeEqual } from 'node:crypto';
import { nangoFailure } from '../contract/errors';
import { headerOf } from '../webhook-signature';
import type { DeliveryHeaders } from '../webhook-signature';

// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

const PREFIX = 'whsec_';
const [MIN_BYTES, MAX_BYTES] = [24, 64];
const TOLERANCE_S = 300;

/** The bytes of secrets as the scheme writes them. @throws Nango.Misconfigured naming `secret`, never its value */
export function webhookKeys(secret: string | readonly string[]): Buffer[] {
  const secrets: readonly unknown[] = [secret].flat();
  const keys = secrets.map((one) => keyOf(one));
  if (keys.length > 0 && keys.every((key) => key !== undefined)) return keys;
  throw nangoFailure('Nango.Misconfigured', {
    field: 'secret',
    hint: `secret must be ${PREFIX} and ${MIN_BYTES} to ${MAX_BYTES} bytes in base64; \`echo "${PREFIX}$(openssl rand -base64 32)"\` makes one.`,
  });
}

/** The headers of a delivery. @param at when it is sent, in milliseconds since the epoch */
export function signedHeaders(id: string, body: string, keys: readonly Buffer[], at: number): Record<string, string> {
  const timestamp = String(Math.floor(at / 1_000));
  const signatures = keys.map((key) => `v1,${sign(key, id, timestamp, body).toString('base64')}`);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

/** The id of a delivery that one of the keys has signed in the last five minutes; nothing for any other. */
export function verifiedId(
  rawBody: string | Uint8Array,
  headers: DeliveryHeaders,
  keys: readonly Buffer[],
  now: number,
): string | undefined {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headerOf(headers, name),
  );
  if (id === undefined || signatures === undefined || !/^\d{1,12}$/.test(timestamp ?? '')) return undefined;
  if (Math.abs(now / 1_000 - Number(timestamp)) > TOLERANCE_S) return undefined;
  const given = signatures
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .map((one) => Buffer.from(one.slice('v1,'.length), 'base64'));
  // Every key is tried, whichever fits: the time taken says nothing.
  const fits = keys.flatMap((key) => {
    const expected = sign(key, id, timestamp ?? '', rawBody);
    return given.map((one) => one.length === expected.length && timingSafeEqual(one, expected));
  });
  return fits.includes(true) ? id : undefined;
}

function sign(key: Buffer, id: string, timestamp: string, body: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
}

function keyOf(secret: unknown): Buffer | undefined {
  if (typeof secret !== 'string' || !secret.startsWith(PREFIX)) return undefined;
  const written = secret.slice(PREFIX.length);
  const key = Buffer.from(written, 'base64');
  const isWhole = key.toString('base64').replace(/=+$/, '') === written.replace(/=+$/, '');
  return isWhole && key.length >= MIN_BYTES && key.length <= MAX_BYTES ? key : undefined;
}
