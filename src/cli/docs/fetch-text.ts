import { fetch } from 'undici';
import { isTextOf } from './web-address';

const WITHIN_MS = 15_000;
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Reads a page: at most 4 MB of it, within 15 s.
 *
 * @returns nothing if it cannot be had, whatever the reason: there is another way to the documentation
 */
export async function fetchText(url: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]) });
    if (!response.ok || !isTextOf(response.headers.get('content-type')) || response.body === null) {
      await response.body?.cancel();
      return undefined;
    }
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) return undefined;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch {
    return undefined;
  }
}
