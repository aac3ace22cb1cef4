/** Bounds of one request to Nango. */
export interface Bounds {
  /** milliseconds from now until it is given up */
  deadlineMs: number;
  /** aborts it; not given for a write, which nothing but its deadline ends */
  signal?: AbortSignal;
}
