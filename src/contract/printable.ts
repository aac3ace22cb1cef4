/** What moves the cursor, ends a line, or turns the direction of what follows. */
export const CONTROLS = '\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069';
/** What is not seen: marks without width, soft hyphens, tags. Names hold some of them with good reason, ids none. */
export const UNSEEN =
  '\\u00ad\\u034f\\u061c\\u180e\\u200b-\\u200f\\u2060-\\u2065\\u206a-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}';

const DECEPTIVE = new RegExp(`[${CONTROLS}${UNSEEN}]`, 'gu');

/** Text of others, such as a display name, must not move the cursor or colour the terminal. It stays one line. */
export function printable(text: string): string {
  return text.replace(DECEPTIVE, ' ');
}
