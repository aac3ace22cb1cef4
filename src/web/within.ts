/**
 * Waits for something, but not for ever.
 *
 * @returns what the promise gives, or `otherwise` when the time is up: what comes later is not heard, nor is its failure
 */
export async function within<T, U>(ms: number, promise: Promise<T>, otherwise: U): Promise<T | U> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<U>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), ms);
  });
  try {
    return await Promise.race([promise, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
