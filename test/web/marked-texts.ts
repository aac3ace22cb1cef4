/** No text of ours has it. */
export const MARK = '‡';

/** A catalogue with every text marked, in whatever depth: what a page shows without a mark was written elsewhere. */
export function marked<T>(texts: T): T {
  if (typeof texts === 'string') return `${texts}${MARK}` as T;
  if (Array.isArray(texts)) return texts.map(marked) as T;
  if (typeof texts === 'function') {
    const say = texts as unknown as (...args: unknown[]) => unknown;
    return ((...args: unknown[]) => marked(say(...args))) as T;
  }
  if (typeof texts !== 'object' || texts === null) return texts;
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, marked(text)])) as T;
}

/** What others have written, commands, and times: these are in no catalogue. */
const NOT_OURS = /<(bdi|code|time|option|script|style)\b[^>]*>.*?<\/\1>|<input[^>]*type="hidden"[^>]*>/gs;
/** A text of a page may go around an element, so it is looked at as a whole. */
const BLOCKS = /<(title|h1|h2|h3|p|li|dt|dd|button|a|th|td|caption|label|legend|summary)\b[^>]*>(.*?)<\/\1>/gs;
const READ = /\b(?:aria-label|title|placeholder|alt|data-label|data-copied)="([^"]*)"/g;

/** Texts of a page that have no mark. */
export function unmarked(html: string): string[] {
  const ours = html.replace(NOT_OURS, '');
  const blocks = [...ours.matchAll(BLOCKS)].map(([, , inner = '']) => inner.replace(/<[^>]*>/g, ''));
  const attributes = [...ours.matchAll(READ)].map(([, text = '']) => text);
  const rest = ours
    .replace(BLOCKS, '')
    .replace(/<[^>]*>/g, '')
    .replace('<!doctype html>', '');
  return [...blocks, ...attributes, rest].filter((text) => /\p{L}{2}/u.test(text) && !text.includes(MARK));
}
