import type { ApplicationFailure } from '@temporalio/common';
import { nangoFailure } from '../contract/errors';
import type { NangoErrorType } from '../contract/errors';
import { MAX_PAYLOAD_BYTES } from '../contract/limits';
import type { HttpAnswer, HttpOutcome } from './outcome';
import { ASK_CONNECTION } from './verdict';
import type { Verdict } from './verdict';

/** What a code looks like that Nango or Node made; anything else might be a provider's words. */
const CODE = /^([a-z][a-z0-9_]{0,63}|[A-Z][A-Z0-9_]{0,63})$/;

const HINTS: Partial<Record<NangoErrorType, string>> = {
  'Nango.Misconfigured': 'Check NANGO_SERVER_URL and NANGO_TOOLBOX_SECRET_KEY.',
  'Nango.ResponseTooLarge': `At most ${MAX_PAYLOAD_BYTES} bytes; select parts of it with pick: ['/results/0/id'].`,
};

const MISCONFIGURED: Record<string, string> = {
  unknown_account: 'Nango does not know the secret key (NANGO_TOOLBOX_SECRET_KEY).',
  invalid_secret_key_format: 'Nango refuses the secret key (NANGO_TOOLBOX_SECRET_KEY): it has the wrong form.',
};
const NOT_NANGO = 'What answers at NANGO_SERVER_URL is not Nango.';

/** The answer that was judged a success. @throws the failure that the verdict stands for */
export function succeeded(outcome: HttpOutcome, verdict: Verdict | typeof ASK_CONNECTION | undefined): HttpAnswer {
  if (verdict !== undefined && verdict !== ASK_CONNECTION) throw failureOf(verdict);
  if (outcome.kind !== 'answer') throw nangoFailure('Nango.Unavailable', { nonRetryable: false });
  return outcome;
}

/** The failure that a verdict stands for. */
export function failureOf({ type, retryable, scope, code, ...details }: Verdict): ApplicationFailure {
  return nangoFailure(type, {
    ...details,
    code: code !== undefined && CODE.test(code) ? code : undefined,
    nonRetryable: !retryable,
    hint: scope === undefined ? hintFor(type, code) : `It needs ${scope}.`,
  });
}

function hintFor(type: NangoErrorType, code: string | undefined): string | undefined {
  if (type !== 'Nango.Misconfigured') return HINTS[type];
  return code === undefined ? NOT_NANGO : (MISCONFIGURED[code] ?? HINTS[type]);
}
