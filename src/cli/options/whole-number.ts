import { usage } from '../terminal/failure';

/** A number that was given as text. @param option its name, such as `--limit` */
export function wholeNumber(option: string, text: string, { least, most }: { least: number; most: number }): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= least && number <= most) return number;
  throw usage(`${option} must be a whole number from ${least} to ${most}.`);
}
