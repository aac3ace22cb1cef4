import { z } from 'zod';
import { isPublicUrl } from './outbound';

/** Fields that several routes share, with the limits that Nango sets them. */

/** Of an integration; historical keys hold spaces and the like. */
export const integrationKey = z
  .string()
  .regex(/^[a-zA-Z0-9 _~:.@-]+$/)
  .max(255);

/** Odd characters are old applications' e-mail addresses and JSON. */
export const connectionId = z
  .string()
  .regex(/^[a-zA-Z0-9 _,.;:=+~|@${}[\]"'\\/-]+$/)
  .max(255);

/** Of a provider, or of an action. */
export const plainName = z
  .string()
  .regex(/^[a-zA-Z0-9_-]+$/)
  .max(255);

/** A yes or no in a query; nothing at all is a no. */
export const flag = z.enum(['true', 'false', '']).optional();

/** Nothing, as opposed to a URL or a list: both kinds are tried, so that a value of neither is an `invalid_union`. */
export const empty = z.string().max(0);

/** Where webhooks go instead; empty clears it. */
export const webhookUrl = z
  .union([z.url(), empty])
  .refine((url) => url === '' || !/(^|\.)nango\.dev\.?$/.test(new URL(url).hostname), 'Not to Nango itself.')
  .refine((url) => url === '' || isPublicUrl(url), 'Not to this address.');

/** For routes that take no query at all. */
export const noQuery = z.strictObject({});
