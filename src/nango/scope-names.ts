/** A scope as RFC 6749 has it, section 3.3; whatever else stands among them, and could act on who reads it, is none. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/;

/** The scopes of a text, separated by spaces or commas, or of a list of texts; each once. Undefined: there is neither. */
export function scopesIn(named: unknown): string[] | undefined {
  const texts = typeof named === 'string' ? [named] : named;
  if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string')) return undefined;
  return [...new Set(texts.flatMap((text) => text.split(/[\s,]+/)))].filter((name) => SCOPE_TOKEN.test(name));
}
