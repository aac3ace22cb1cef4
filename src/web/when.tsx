import type { Child } from 'hono/jsx';

/** A time: in UTC as the server writes it, in the reader's zone where the script runs. */
export function When({ at }: { at: Date | number }): Child {
  const iso = new Date(at).toISOString();
  return <time datetime={iso}>{`${iso.slice(0, 16).replace('T', ' ')} UTC`}</time>;
}
