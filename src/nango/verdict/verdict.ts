import type { NangoErrorType } from '../../contract/errors';

/** What was asked for, as far as it decides what an error means. */
export interface RequestTraits {
  route: 'management' | 'proxy' | 'action';
  /** may be carried out twice: a read, or a write that its caller calls idempotent */
  repeatable: boolean;
}

/** What went wrong, and whether Temporal may try again. What is read afterwards says no more than this. */
export interface Named {
  type: NangoErrorType;
  retryable: boolean;
  status?: number;
  code?: string;
  retryAfterMs?: number;
  /** the scope that the key lacks */
  scope?: string;
  /** what the grant lacks, as the provider names it */
  scopes?: string[];
}

/** What the response to the request says, and it alone. */
export interface Verdict extends Named {
  /** of a write: it was surely not carried out, so its workflow may send it again */
  didNotRun?: true;
}

/** The response does not say whose error it is: read the connection, and classify again with what that said. */
export const RECHECK_CONNECTION = 'recheckConnection';

/** A failed refresh is not tried again within this time by Nango either. */
const REFRESH_BACKOFF_MS = 30_000;

/** No response, or one that does not say whether the request was carried out. */
export function mayHaveRun(traits: RequestTraits, type: NangoErrorType, status?: number, code?: string): Named {
  if (traits.repeatable) return { type, retryable: true, status, code };
  return { type: 'Nango.OutcomeUnknown', retryable: false, status, code };
}

/** Not carried out: a write is scheduled anew by the workflow, since a second attempt would count as a second write. */
export function notRun(traits: RequestTraits, verdict: Named): Verdict {
  return traits.repeatable ? verdict : { ...verdict, didNotRun: true };
}

export function refreshFailing(traits: RequestTraits, status: number, code?: string): Named {
  return { type: 'Nango.RefreshFailing', retryable: traits.repeatable, status, code, retryAfterMs: REFRESH_BACKOFF_MS };
}

export function final(type: NangoErrorType, status?: number, code?: string): Named {
  return { type, retryable: false, status, code };
}
