import type { Child } from 'hono/jsx';
import { withoutControls } from '../contract/rules/printable';
import { partsOf } from './foreign';

/** A sentence, each foreign text in it an element that keeps its direction to itself. */
export function Said({ text }: { text: string }): Child {
  return <>{partsOf(text).map((part, at) => (at % 2 === 0 ? part : <bdi>{part}</bdi>))}</>;
}

/** A text that is foreign as a whole. */
export function Foreign({ text }: { text: string }): Child {
  return <bdi>{withoutControls(text)}</bdi>;
}
