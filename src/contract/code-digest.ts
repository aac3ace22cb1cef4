import { sha256Hex } from './request-id';

/**
 * What tells two sources of a function apart, in hexadecimal. How lines end does not count, nor what is blank at the end:
 * neither changes what it does, and either may change on its way to Nango and back.
 */
export function codeDigest(code: string): string {
  return sha256Hex(code.replaceAll('\r\n', '\n').trimEnd());
}
