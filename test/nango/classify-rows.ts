import type { Call } from '../../src/contract/types';
import { isWrite } from '../../src/contract/rules/check-call';
import { classify } from '../../src/nango/verdict/classify';
import { classifyActionResult } from '../../src/nango/verdict/classify-action-result';
import type { PENDING } from '../../src/nango/verdict/classify-action-result';
import type { HttpResponse, HttpOutcome, NetworkError } from '../../src/nango/http/outcome';
import type { RECHECK_CONNECTION, RequestTraits, Verdict } from '../../src/nango/verdict/verdict';

// How the tables of `classify-*.test.ts` are written. A row is one fact about Nango and the verdicts that follow from
// it, by hand. Facts that were recorded from a live server stand in `test/fixtures/nango-errors/`; the others are of
// its source or its documentation, or of Node.

/** When the errors were recorded, 20 s before the limit of Nango was to be lifted. */
export const NOW = 1_795_491_800_000;

const proxied = (call: Omit<Extract<Call, { endpoint: string }>, 'endpoint'>): RequestTraits => ({
  route: 'proxy',
  repeatable: !isWrite({ ...call, endpoint: '/x' }),
});
const triggered = (call: { idempotent?: boolean }): RequestTraits => ({
  route: 'action',
  repeatable: !isWrite({ ...call, action: 'a' }),
});
const REQUESTS = {
  read: proxied({ method: 'GET' }),
  write: proxied({ method: 'POST' }),
  'keyed write': proxied({ method: 'POST', idempotent: true }),
  management: { route: 'management', repeatable: true },
  'management write': { route: 'management', repeatable: false },
  action: triggered({}),
  'keyed action': triggered({ idempotent: true }),
} satisfies Record<string, RequestTraits>;
/** Asking for the output of an async action: whether the action may be carried out twice. */
const RESULTS = { result: false, 'keyed result': true };
export type Request = keyof typeof REQUESTS | keyof typeof RESULTS;

export const PROXIED: Request[] = ['read', 'write', 'keyed write'];
export const MANAGEMENT: Request[] = ['management', 'management write'];
export const ACTIONS: Request[] = ['action', 'keyed action'];
export const RESULT: Request[] = ['result', 'keyed result'];
/** All that are told by the same classifier; a result is not. */
export const EVERY: Request[] = [...PROXIED, ...MANAGEMENT, ...ACTIONS];
export const ONCE: Request[] = ['write', 'management write', 'action'];
export const REPEATABLE: Request[] = ['read', 'keyed write', 'management', 'keyed action'];

export type Judged = Verdict | typeof RECHECK_CONNECTION | typeof PENDING | undefined;

/** A fact that was not recorded. */
export interface Row {
  /** what is known, in a few words */
  fact: string;
  of: Request[];
  got: HttpOutcome;
  /** what reading the connection said */
  connection?: HttpOutcome;
  is: Judged;
}

/** One test for each row and kind of request. */
export function testRows(rows: Row[]): void {
  const cases = rows.flatMap(({ of, ...row }) => of.map((request) => ({ request, ...row })));
  test.each(cases)('$request: $fact', ({ request, got, connection, is }) => {
    expect(said(judge(request, got, connection))).toEqual(said(is));
  });
}

/** What the request is told. */
export function judge(request: Request, got: HttpOutcome, connection?: HttpOutcome): Judged {
  if (request === 'result' || request === 'keyed result') return classifyActionResult(RESULTS[request], got, NOW);
  return classify(REQUESTS[request], got, NOW, connection);
}

/** Without what is undefined or says nothing, so that verdicts compare by what they say. */
export function said(verdict: Judged): unknown {
  if (typeof verdict !== 'object') return verdict;
  return Object.fromEntries(Object.entries(verdict).filter(([, value]) => value !== undefined && value !== ''));
}

// ---------------------------------------------------------------- answers

/** With a body of JSON, or empty. */
export function response(status: number, body?: unknown, headers: Record<string, string> = {}): HttpResponse {
  const text = body === undefined ? '' : JSON.stringify(body);
  return {
    kind: 'response',
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(text),
  };
}

export function html(status: number, headers: Record<string, string> = {}): HttpResponse {
  return {
    kind: 'response',
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
    body: Buffer.from('<!doctype html><title>x</title>'),
  };
}

export function coded(status: number, code: string, more: object = {}): HttpResponse {
  return response(status, { error: { code, ...more } });
}

export function network(code: string): NetworkError {
  return { kind: 'networkError', code };
}

// ---------------------------------------------------------------- verdicts

export function final(type: Verdict['type'], status?: number, code?: string): Verdict {
  return { type, retryable: false, status, code };
}

export function again(type: Verdict['type'], status?: number, code?: string): Verdict {
  return { type, retryable: true, status, code };
}

export function unknown(status?: number, code?: string): Verdict {
  return final('Nango.OutcomeUnknown', status, code);
}

export function after(retryAfterMs: number, verdict: Verdict): Verdict {
  return { ...verdict, retryAfterMs };
}

/** A write that was surely not carried out. */
export function notRun(verdict: Verdict): Verdict {
  return { ...verdict, didNotRun: true };
}

/** A failed refresh is not repeated by Nango within 30 s. */
export function refreshing(retryable: boolean, status: number, code: string): Verdict {
  return { type: 'Nango.RefreshFailing', retryable, status, code, retryAfterMs: 30_000 };
}
