/** A time in words for people: `2026-11-24 14:05 UTC`. @param ms since the epoch */
export function minuteOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
