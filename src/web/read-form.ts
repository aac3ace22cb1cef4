import type { Context } from 'hono';
import { readBodyOf } from './read-body';

const WITHIN_MS = 10_000;

/** The fields of a form by name; of those that are given twice, the last. */
export type Form = Record<string, string>;

/** Why there is no form, by the status that says it. */
export type NoForm = keyof typeof NO_FORM_STATUS;

export const NO_FORM_STATUS = { aborted: 400, tooSlow: 408, tooLarge: 413, notAForm: 415 } as const;

/**
 * Reads the form that a page of ours has sent: `application/x-www-form-urlencoded`, nothing else. No body is an empty form.
 *
 * @param limit in bytes
 */
export async function readForm(c: Context, limit: number): Promise<Form | NoForm> {
  const body = await readBodyOf(c, limit, WITHIN_MS);
  if (typeof body === 'string') return body;
  if (body.length > 0 && !isForm(c.req.header('content-type') ?? '')) return 'notAForm';
  return Object.fromEntries(new URLSearchParams(body.toString()));
}

function isForm(contentType: string): boolean {
  return /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(contentType.trim());
}
