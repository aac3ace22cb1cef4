const UNITS: [ms: number, short: string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1_000, 's'],
];

/** A span in its largest unit, rounded down: `3d`, `5h`, `12m`, `40s`. */
export function span(ms: number): string {
  const [unit, short] = UNITS.find(([size]) => ms >= size) ?? [1_000, 's'];
  return `${Math.max(Math.floor(ms / unit), 0)}${short}`;
}

/** A moment, to the minute, in UTC: one spelling for every reader. */
export function moment(at: Date | number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}

/** A moment of today, to the second, on the clock of whoever reads it. */
export function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}
