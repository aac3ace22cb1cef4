import type { BulkProgress } from '../../contract/types';
import { clock } from '../terminal/time';

const BAR_CHARS = 24;

/** How far a run is, in a line. @param problem what keeps `--out` from being written, an error code of Node's */
export function progressLine(progress: BulkProgress, problem?: string): string {
  const { status, done, skipped, failed, unknown, total, rate, waitsFor, endsAt } = progress;
  const over = done + skipped;
  const failures = Object.values(failed).reduce((sum, n) => sum + n, 0);
  const parts = [`${bar(over, total)} ${number(over)}${total === undefined ? '' : ` of ${number(total)}`}`];
  if (failures > 0) parts.push(`${number(failures)} failed`);
  if (unknown > 0) parts.push(`${number(unknown)} unknown`);
  if (status !== 'running') parts.push(status);
  else if (problem === undefined && waitsFor !== 'sink') parts.push(`${number(Math.round(rate))}/s`);
  if (problem !== undefined) parts.push(problemText(problem));
  else if (waitsFor === 'sink') parts.push('waits until --out is written');
  else if (endsAt !== undefined) parts.push(`until ${clock(endsAt)}`);
  return parts.join(' · ');
}

function problemText(code: string): string {
  return code === 'ENOSPC' ? 'the disk of --out is full: waits for room' : `--out cannot be written (${code}): waits`;
}

/** Empty as long as nobody knows how many there are. */
function bar(done: number, total: number | undefined): string {
  const part = total === undefined ? 0 : total === 0 ? 1 : Math.min(done / total, 1);
  const full = Math.floor(part * BAR_CHARS);
  const percent = `${Math.floor(part * 100)}`.padStart(3);
  return `[${'#'.repeat(full)}${'-'.repeat(BAR_CHARS - full)}] ${percent} %`;
}

function number(n: number): string {
  return n.toLocaleString('en-US');
}
