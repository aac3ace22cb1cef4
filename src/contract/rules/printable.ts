/** What moves the cursor, ends a line, or turns the direction of what stands beside it. */
const CONTROLS = '\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069';
/** What nobody sees: marks without width or with a direction, tags. Names hold some with good reason, ids none. */
const UNSEEN =
  '\\u00ad\\u034f\\u061c\\u180e\\u200b-\\u200f\\u2060-\\u2065\\u206a-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}';

const ANY_CONTROL = new RegExp(`[${CONTROLS}]`, 'gu');
const ANY_DECEPTIVE = new RegExp(`[${CONTROLS}${UNSEEN}]`, 'gu');
const DECEPTIVE = new RegExp(ANY_DECEPTIVE.source, 'u');

/** Whether a text holds what a person who reads it cannot see, or sees elsewhere than it stands. */
export function isDeceptive(text: string): boolean {
  return DECEPTIVE.test(text);
}

/** Text of others, such as a display name, must not move the cursor or colour the terminal. It stays one line. */
export function printable(text: string): string {
  return text.replace(ANY_DECEPTIVE, ' ');
}

/** The same for a page, which shows every script: joiners and marks of direction stay, whatever reaches beyond the text goes. */
export function withoutControls(text: string): string {
  return text.replace(ANY_CONTROL, '\ufffd');
}

/** JSON as it was, with what would act on a terminal escaped. */
export function printableJson(json: string): string {
  return json.replace(ANY_DECEPTIVE, (found) =>
    [...Array(found.length).keys()].map((at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}
