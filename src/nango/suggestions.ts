import { distance } from 'fastest-levenshtein';
import { didYouMean } from '../contract/errors';
import { isDeceptive } from '../contract/rules/printable';

const MOST = 3;
/** Of one name: what is longer is none that somebody mistypes. */
const MAX_CHARS = 100;
/** A shorter part of a name is in too many others. */
const MIN_PART_CHARS = 3;

/**
 * Names that may have been meant by one that there is not: a slip of the keyboard away, or it is a part of them. The
 * nearest first, three at most; case does not matter. What could act on whoever reads it is left out.
 *
 * @param names as somebody else keeps them
 */
export function namesNear(name: string, names: Iterable<string>): string[] {
  const typed = name.toLowerCase();
  if (typed.length > MAX_CHARS) return [];
  return [...new Set(names)]
    .filter((one) => one !== '' && one !== name && one.length <= MAX_CHARS && !isDeceptive(one))
    .map((one) => ({ one, far: distance(typed, one.toLowerCase()), isLonger: one.toLowerCase().includes(typed) }))
    .filter(({ far, isLonger }) => far <= slipsOf(typed) || (isLonger && typed.length >= MIN_PART_CHARS))
    .toSorted((a, b) => a.far - b.far || (a.one < b.one ? -1 : 1))
    .slice(0, MOST)
    .map(({ one }) => one);
}

/** One in three characters may be wrong: more, and it is another name. Two that were swapped count as two. */
function slipsOf(name: string): number {
  return Math.ceil(name.length / 3);
}

/** What a failure of an unknown name carries; nothing where no name is near. */
export function suggestionsFor(name: string, names: Iterable<string>): { suggestions?: string[]; hint?: string } {
  const suggestions = namesNear(name, names);
  return suggestions.length === 0 ? {} : { suggestions, hint: didYouMean(suggestions) };
}
