import { isIP } from 'node:net';

/**
 * What a Nango that may reach loopback, as a developer's does, still refuses to call: private, link-local and
 * carrier-grade addresses. Names are not resolved.
 */
const REFUSED =
  /^(0\.|10\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd]|fe[89ab])/;

/** Whether Nango would call a URL that a caller gave. */
export function isPublicUrl(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return /^https?:$/.test(protocol) && !(isIP(host) !== 0 && REFUSED.test(host));
}
