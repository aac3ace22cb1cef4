/** The body of a request, its bytes as they came; or what is wrong with it. */
export type ReadBody = Buffer | 'tooLarge' | 'tooSlow';

/**
 * Reads a body that may be of any length and never end.
 *
 * @param limit in bytes, whether or not the request says how long it is
 * @param withinMs until when the last byte must have come
 */
export async function readBody(request: Request, limit: number, withinMs: number): Promise<ReadBody> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) return 'tooLarge';
  if (request.body === null) return Buffer.alloc(0);
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void reader.cancel().catch(() => undefined);
  }, withinMs);
  try {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      chunks.push(part.value);
      length += part.value.length;
      if (length > limit) {
        void reader.cancel().catch(() => undefined);
        return 'tooLarge';
      }
    }
    return isLate ? 'tooSlow' : Buffer.concat(chunks);
  } finally {
    clearTimeout(timer);
  }
}
