import { createHmac, timingSafeEqual } from 'node:crypto';

/** The legacy `X-Nango-Signature` is open to length extension and is not looked at. */
const HEADER = 'x-nango-hmac-sha256';

/** The headers of a delivery, as servers hand them over. */
export type DeliveryHeaders = Headers | Record<string, string | string[] | undefined>;

/** Whether one of the keys has signed a delivery, over its raw bytes. */
export function isSigned(rawBody: string | Uint8Array, headers: DeliveryHeaders, keys: string[]): boolean {
  const signature = headerOf(headers, HEADER);
  if (signature === undefined || !/^[0-9a-f]{64}$/i.test(signature)) return false;
  const given = Buffer.from(signature, 'hex');
  // Every key is tried, whichever fits: the time taken says nothing.
  const fits = keys.map((key) => timingSafeEqual(createHmac('sha256', key).update(rawBody).digest(), given));
  return fits.includes(true);
}

/** A header of a delivery. @param name in lower case */
export function headerOf(headers: DeliveryHeaders, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const value = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof value === 'string' ? value : undefined;
}
