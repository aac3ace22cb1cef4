import { createHmac, timingSafeEqual } from 'node:crypto';

/** No link and no cookie signs this too. */
const PURPOSE = 'temporal-nango/logo';

/** The way to a logo from the root of a handler, for whoever is signed in. @param key of the integration */
export function logoPath(key: string): string {
  return `logos/${Buffer.from(key).toString('base64url')}`;
}

/** @returns the key of the integration */
export function readLogoPath(path: string): string {
  return Buffer.from(path, 'base64url').toString();
}

/**
 * The same for anybody: signed, so that only what a page of ours has shown is fetched, by whichever process of ours a
 * browser comes to. There is no secret in it.
 *
 * @param linkKeys the first signs
 */
export function signedLogoPath(key: string, linkKeys: string[]): string {
  return `${logoPath(key)}.${sign(key, linkKeys[0] ?? '').toString('base64url')}`;
}

/** @returns the key of the integration; nothing if none of the link keys has signed it */
export function readSignedLogoPath(path: string, linkKeys: string[]): string | undefined {
  const [, encoded = '', signature = ''] = /^([\w-]{1,1400})\.([\w-]{43})$/.exec(path) ?? [];
  const key = readLogoPath(encoded);
  const given = Buffer.from(signature, 'base64url');
  const fits = given.length === 32 && linkKeys.some((linkKey) => timingSafeEqual(sign(key, linkKey), given));
  return fits ? key : undefined;
}

function sign(key: string, linkKey: string): Buffer {
  return createHmac('sha256', linkKey).update(`${PURPOSE}\n${key}`).digest();
}
