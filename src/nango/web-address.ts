const MAX_CHARS = 500;

/** An address that somebody else names, where it can become a link of a page and a line of a terminal. */
export function webAddress(named = ''): string | undefined {
  const url = URL.canParse(named) ? new URL(named) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.href.length > MAX_CHARS) return undefined;
  return url.href;
}
