import { once } from 'node:events';

/** Waits until a signal is aborted, however long that takes. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
