/** What the stand-in is told by the driver. */
export interface StandInSettings {
  /** milliseconds until an answer */
  latencyMs: number;
  /** at most so many more or fewer */
  jitterMs: number;
  /** of the generator of jitter and errors */
  seed: number;
  /** share of the proxied requests that get a 503 */
  errorShare: number;
  /** requests an account may make a window; default: as many as it likes, and no header says a word about it */
  limit?: { calls: number; windowS: number };
}

/** What has arrived since the counts were begun. */
export interface StandInCounts {
  requests: number;
  /** answered 429 */
  refused: number;
  /** proxied GET requests for what had been answered with success before */
  repeatedReads: number;
  /** the same of writes */
  repeatedWrites: number;
}

export const CALM: StandInSettings = { latencyMs: 20, jitterMs: 5, seed: 1, errorShare: 0 };

export const SECRET_KEY = '00000000-0000-4000-8000-000000000000';
export const INTEGRATION = 'crm';
export const CONNECTION_ID = 'bench-connection';
/** Whose connection it is. */
export const END_USER_ID = 'bench-user';
