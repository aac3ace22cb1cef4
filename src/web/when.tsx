import type { Child } from 'hono/jsx';

/**
 * A time: in UTC as the server writes it, in the reader's zone where the script runs. What is none is shown as it is: it may
 * stand in a memo, which anybody may have written, and must not hide what stands beside it.
 */
export function When({ at }: { at: Date | number }): Child {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return String(at);
  const iso = time.toISOString();
  return <time datetime={iso}>{`${iso.slice(0, 16).replace('T', ' ')} UTC`}</time>;
}
