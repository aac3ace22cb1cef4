/** The middle one, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/** A median with the smallest and the largest. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** Each value over that of the same round: rounds of arms that take turns met the same machine. */
export function ratios(values: readonly number[], over: readonly number[]): number[] {
  return values.slice(0, over.length).map((value, round) => value / over[round]!);
}

/** Rounded to so many digits that count; null for what is no number. */
export function rounded(value: number, digits = 3): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : null;
}
