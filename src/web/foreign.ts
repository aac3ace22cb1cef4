import { withoutControls } from '../contract/rules/printable';

/** Unicode's own marks of an isolate; no text of others keeps them. */
const [OPENS, CLOSES] = ['\u2068', '\u2069'];
const MARKED = new RegExp(`${OPENS}([^${OPENS}${CLOSES}]*)${CLOSES}`);

/**
 * Marks what somebody else has written, within a sentence of ours: it may be of a script that runs the other way, and must
 * not turn what stands around it.
 *
 * @param text a name, of an integration, an account or a person; what would move the cursor is made visible
 */
export function foreign(text: string): string {
  return `${OPENS}${withoutControls(text)}${CLOSES}`;
}

/** The parts of a sentence: each second one is foreign. */
export function partsOf(sentence: string): string[] {
  return sentence.split(MARKED);
}

/** The sentence for where there are no elements, such as a title. */
export function withoutMarks(text: string): string {
  return withoutControls(text.replaceAll(OPENS, '').replaceAll(CLOSES, ''));
}
