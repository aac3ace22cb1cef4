/** The work of an arm, in few words: every arm, in whatever process, makes the same calls of it. */
export interface CallSet {
  /** tells the calls of one measure from those of all others; letters, digits and dashes */
  run: string;
  count: number;
  method: 'GET' | 'POST';
  /** of an answer of the stand-in; default: 1,024 */
  bytes?: number;
  /** JSON pointers to what is wanted of an answer; default: all of it */
  pick?: string[];
  /** of a real server, for every call the same; default: one of the stand-in's for each call */
  endpoint?: string;
  /** at most so many calls in flight; for `ours` alone. Default: what `fanOut` takes for best */
  concurrency?: number;
  /** whose account is used */
  connection: { integration: string; connectionId: string };
}

/** How the calls of a set ended. */
export interface Tally {
  ok: number;
  failed: number;
}

const DEFAULT_BYTES = 1_024;

/** The endpoint of the call with this index. */
export function endpointOf({ run, bytes = DEFAULT_BYTES, endpoint }: CallSet, index: number): string {
  return endpoint ?? `/items/${run}-${index}?bytes=${bytes}`;
}

/** The body of a write. */
export function bodyOf({ method }: CallSet, index: number): { name: string; index: number } | undefined {
  return method === 'POST' ? { name: 'item', index } : undefined;
}

/** Runs a call for each index, so many at a time. No more than a competent engineer would write. */
export async function inWindow(count: number, window: number, call: (index: number) => Promise<void>): Promise<Tally> {
  const tally = { ok: 0, failed: 0 };
  let next = 0;
  async function lane(): Promise<void> {
    for (let i = next++; i < count; i = next++) {
      await call(i).then(
        () => tally.ok++,
        () => tally.failed++,
      );
    }
  }
  await Promise.all(Array.from({ length: Math.min(window, count) }, lane));
  return tally;
}
