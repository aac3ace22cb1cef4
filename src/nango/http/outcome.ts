/** What came of a request: an answer, whatever its status, or what kept one from coming. */
export type HttpOutcome = HttpAnswer | NetworkError;

export interface HttpAnswer {
  kind: 'answer';
  status: number;
  /** names in lower case; of a repeated header the last value */
  headers: Record<string, string>;
  body: Buffer;
}

/** An answer that was not read to its end for its size. */
export const TOO_LARGE = 'TOO_LARGE';
/** It took too long. */
export const DEADLINE = 'DEADLINE';

/** What kept an answer from coming; `code` is Node's or undici's, or {@link DEADLINE}, {@link TOO_LARGE}. */
export interface NetworkError {
  kind: 'networkError';
  code: string;
  /** the request has not left and will not */
  unsent?: boolean;
  /** of an answer that was not read to its end */
  status?: number;
}
