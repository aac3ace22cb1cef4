import { createHmac, timingSafeEqual } from 'node:crypto';
import type { NangoConfig } from '../config';
import { nangoFailure } from '../contract/errors';
import { isRequestId, isRunId } from '../contract/request-id';
import type { RequestRef } from '../contract/types';

const VERSION = '1';
const SHAPE = /^1\.([\w-]{1,1400})\.([\w-]{1,64})\.([\w-]{43})$/;

/**
 * The address of a page that asks a person for this request, for as long as it is open. It holds no token: the page makes
 * one when somebody clicks. Whoever has the address can connect an account.
 *
 * @throws Nango.Misconfigured without `TEMPORAL_NANGO_LINK_KEYS` or `TEMPORAL_NANGO_PUBLIC_URL`
 */
export function permanentLink(ref: RequestRef, { linkKeys, publicUrl }: NangoConfig): string {
  if (linkKeys.length === 0) throw missing('TEMPORAL_NANGO_LINK_KEYS');
  if (publicUrl === undefined) throw missing('TEMPORAL_NANGO_PUBLIC_URL');
  return `${publicUrl}/connect/${signedPath(ref, linkKeys)}`;
}

/** @param keys the first signs */
export function signedPath(ref: RequestRef, keys: string[]): string {
  const id = Buffer.from(ref.id).toString('base64url');
  const signature = sign(ref, keys[0] ?? '').toString('base64url');
  return [VERSION, id, ref.firstExecutionRunId, signature].join('.');
}

/** @returns nothing for what none of the keys has signed just so, or for what is no request of this environment */
export function readSigned(signed: string, keys: string[], environment: string): RequestRef | undefined {
  const [, encoded, firstExecutionRunId, signature] = SHAPE.exec(signed) ?? [];
  if (encoded === undefined || firstExecutionRunId === undefined || signature === undefined) return undefined;
  const ref = { id: Buffer.from(encoded, 'base64url').toString(), firstExecutionRunId };
  const given = Buffer.from(signature, 'base64url');
  // Every key is tried, whichever fits: the time taken says nothing.
  const fits = keys.map((key) => timingSafeEqual(sign(ref, key), given)).includes(true);
  // One request has one address: what decodes to the same bytes in another spelling is none.
  const isExact = fits && keys.some((key) => signedPath(ref, [key]) === signed);
  return isExact && isRequestId(ref.id, environment) && isRunId(firstExecutionRunId) ? ref : undefined;
}

function sign({ id, firstExecutionRunId }: RequestRef, key: string): Buffer {
  return createHmac('sha256', key).update([VERSION, id, firstExecutionRunId].join('\n')).digest();
}

function missing(field: string) {
  return nangoFailure('Nango.Misconfigured', { field, hint: `${field} is not set.` });
}
