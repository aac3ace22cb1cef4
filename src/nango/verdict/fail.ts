import type { ApplicationFailure } from '@temporalio/common';
import { lacksScope, nangoFailure } from '../../contract/errors';
import type { NangoErrorType, NangoReason } from '../../contract/errors';
import { MAX_RESPONSE_BYTES } from '../http/http';
import { DEADLINE, TOO_LARGE } from '../http/outcome';
import type { HttpResponse, HttpOutcome } from '../http/outcome';
import { RECHECK_CONNECTION } from './verdict';
import type { Verdict } from './verdict';

/** What a code looks like that Nango or Node made; anything else might be a provider's words. */
export const CODE = /^([a-z][a-z0-9_]{0,63}|[A-Z][A-Z0-9_]{0,63})$/;

/** Nothing of such a response is read, so that nothing can be picked out of it. */
const NOT_READ = `At most ${MAX_RESPONSE_BYTES} bytes are read: ask the provider for less, by its limit, fields or range.`;

/** What our own HTTP client ended: nobody else has a code for it. */
const OURS = new Map<string, { reason: NangoReason; hint?: string }>([
  [DEADLINE, { reason: 'timed_out' }],
  [TOO_LARGE, { reason: 'not_read', hint: NOT_READ }],
]);

/** The variable that holds the key, where nobody says which. */
const KEY_NAME = 'NANGO_TOOLBOX_SECRET_KEY';

const MISCONFIGURED = new Map<string, (keyName: string) => string>([
  ['unknown_account', (name) => `Nango does not know the key in ${name}.`],
  ['invalid_secret_key_format', (name) => `Nango refuses the key in ${name}: it has the wrong form.`],
]);
const NOT_NANGO = 'What answers at NANGO_SERVER_URL is not Nango.';

/**
 * The response that was judged a success.
 *
 * @param keyName the variable that the key was read from
 * @throws the failure that the verdict stands for
 */
export function succeeded(
  outcome: HttpOutcome,
  verdict: Verdict | typeof RECHECK_CONNECTION | undefined,
  keyName?: string,
): HttpResponse {
  if (verdict !== undefined && verdict !== RECHECK_CONNECTION) throw failureOf(verdict, keyName);
  if (outcome.kind !== 'response') throw nangoFailure('Nango.Unavailable', { nonRetryable: false });
  return outcome;
}

/** The failure that a verdict stands for. */
export function failureOf({ type, retryable, code, ...details }: Verdict, keyName = KEY_NAME): ApplicationFailure {
  const ours = code === undefined ? undefined : OURS.get(code);
  if (ours !== undefined) return nangoFailure(type, { ...details, ...ours, nonRetryable: !retryable });
  return nangoFailure(type, {
    ...details,
    code: code !== undefined && CODE.test(code) ? code : undefined,
    nonRetryable: !retryable,
    hint: details.scope === undefined ? hintFor(type, code, keyName) : lacksScope(details.scope),
  });
}

function hintFor(type: NangoErrorType, code: string | undefined, keyName: string): string | undefined {
  if (type !== 'Nango.Misconfigured') return undefined;
  if (code === undefined) return NOT_NANGO;
  return MISCONFIGURED.get(code)?.(keyName) ?? `Check NANGO_SERVER_URL and ${keyName}.`;
}
