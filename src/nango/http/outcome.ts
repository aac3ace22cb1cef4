/** What came of a request: a response, whatever its status, or what kept one from coming. */
export type HttpOutcome = HttpResponse | NetworkError;

export interface HttpResponse {
  kind: 'response';
  status: number;
  /** names in lower case; of a repeated header the last value */
  headers: Record<string, string>;
  body: Buffer;
}

/** A response that was not read to its end for its size. */
export const TOO_LARGE = 'TOO_LARGE';
/** It took too long. */
export const DEADLINE = 'DEADLINE';

/** It was not sent, since what was known of its connection had become too old while it waited. */
export const UNCLEARED = 'UNCLEARED';

/** What kept a response from coming; `code` is Node's or undici's, or one of those above. */
export interface NetworkError {
  kind: 'networkError';
  code: string;
  /** the request has not left and will not */
  unsent?: boolean;
  /** of a response that was not read to its end */
  status?: number;
}
