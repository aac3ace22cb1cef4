import type { Child } from 'hono/jsx';
import { withoutControls } from '../contract/rules/printable';

/** Unicode's own marks of an isolate; no text of others keeps them. */
const [OPENS, CLOSES] = ['\u2068', '\u2069'];
const MARKED = new RegExp(`${OPENS}([^${OPENS}${CLOSES}]*)${CLOSES}`);

/**
 * Marks what somebody else has written, within a sentence of ours: it may be of a script that runs the other way, and must
 * not turn what stands around it. {@link Said} shows the sentence.
 */
export function foreign(text: string): string {
  return `${OPENS}${withoutControls(text)}${CLOSES}`;
}

/** A sentence, each foreign text in it an element that keeps its direction to itself. */
export function Said({ text }: { text: string }): Child {
  return <>{text.split(MARKED).map((part, at) => (at % 2 === 0 ? part : <bdi>{part}</bdi>))}</>;
}

/** A text that is foreign as a whole. */
export function Foreign({ text }: { text: string }): Child {
  return <bdi>{withoutControls(text)}</bdi>;
}

/** The sentence for where there are no elements, such as a title. */
export function withoutMarks(text: string): string {
  return withoutControls(text.replaceAll(OPENS, '').replaceAll(CLOSES, ''));
}
