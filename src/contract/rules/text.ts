import { invalid } from '../errors';
import { MAX_TAG_VALUE_CHARS } from '../limits';
import { isDeceptive } from './printable';

/** A name of something: what a tag of Nango's can hold, since most of them become tags. */
export function checkText(value: unknown, field: string): asserts value is string {
  if (typeof value !== 'string' || value.length === 0 || value.length > MAX_TAG_VALUE_CHARS) {
    throw invalid(field, `must be a text of 1 to ${MAX_TAG_VALUE_CHARS} characters`);
  }
  if (/[^ -~\u0080-\uffff]/.test(value)) throw invalid(field, 'must not contain a control character');
  try {
    encodeURIComponent(value);
  } catch {
    throw invalid(field, 'must be well-formed Unicode');
  }
}

/**
 * A name that something goes by: an id, a key, who did it. Two that look alike must be the same, and none may be seen
 * elsewhere than it stands. What people call themselves is held to {@link checkText} only: their names may need such marks.
 */
export function checkName(value: unknown, field: string): asserts value is string {
  checkText(value, field);
  if (isDeceptive(value)) throw invalid(field, 'must not contain a character that is invisible or turns the direction');
}
