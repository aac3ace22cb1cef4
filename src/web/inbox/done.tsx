import type { Child } from 'hono/jsx';

/** What has just been done, by the name in the address that an action leads to; anybody can write anything there. */
export function Done({ texts, name = '' }: { texts: Record<string, string>; name?: string }): Child {
  if (!Object.hasOwn(texts, name)) return null;
  return (
    <p class="card state-good" role="status">
      {texts[name]}
    </p>
  );
}
