import type { Context } from 'hono';

/** The body of a request, its bytes as they came; or what is wrong with it. */
export type ReadBody = Buffer | 'tooLarge' | 'tooSlow' | 'aborted';

/**
 * Reads a body that may be of any length, never end, or break off. Read here and not by Hono's `bodyLimit`, which makes
 * another `Request` of a chunked one: Node's own refuses that wherever the process's `Request` is left alone.
 *
 * @param limit in bytes, whether or not the request says how long it is
 * @param withinMs until when the last byte must have come
 */
export async function readBody(request: Request, limit: number, withinMs: number): Promise<ReadBody> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) return 'tooLarge';
  if (request.body === null) return Buffer.alloc(0);
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  const giveUp = (): void => void reader.cancel().catch(() => undefined);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    giveUp();
  }, withinMs);
  try {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      chunks.push(part.value);
      length += part.value.length;
      if (length > limit) {
        giveUp();
        return 'tooLarge';
      }
    }
    return isLate ? 'tooSlow' : Buffer.concat(chunks);
  } catch {
    return isLate ? 'tooSlow' : 'aborted';
  } finally {
    clearTimeout(timer);
  }
}

/** The same, and the response says to close a connection whose body was not read to its end: it is of no more use. */
export async function readBodyOf(c: Context, limit: number, withinMs: number): Promise<ReadBody> {
  const body = await readBody(c.req.raw, limit, withinMs);
  if (typeof body === 'string') c.header('Connection', 'close');
  return body;
}
