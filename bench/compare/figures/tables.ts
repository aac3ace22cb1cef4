import type { Results, Sample } from './sample';
import { median, spreadOf } from './statistics';

type Column = [head: string, cell: (samples: Sample[]) => string];

const COLUMNS: Column[] = [
  ['median ms', (all) => number(spreadOf(all.map(({ ms }) => ms)).median)],
  ['from … to', (all) => range(all.map(({ ms }) => ms))],
  ['calls/s', (all) => of(all, ({ ms, calls, failed }) => (calls > 1 ? ((calls - failed) / ms) * 1_000 : undefined))],
  ['failed', (all) => of(all, ({ failed }) => failed)],
  ['requests', (all) => of(all, ({ requests }) => requests)],
  ['answered 429', (all) => of(all, ({ refused }) => refused)],
  ['repeated', (all) => of(all, ({ repeated }) => repeated)],
  ['events', (all) => of(all, ({ history }) => history?.events)],
  ['history KB', (all) => of(all, ({ history }) => history && history.bytes / 1_024)],
  ['actions', (all) => of(all, ({ history }) => history?.actions)],
  ['CPU s', (all) => of(all, ({ cpuS }) => cpuS)],
  ['peak MB', (all) => of(all, ({ peakMb }) => peakMb)],
];

/** Works whose time is that of one thing, done several times. */
const ONE_BY_ONE = ['single', 'ensure', 'resume'];

/** A table of one work, in Markdown; columns in which nobody has a figure are left out. */
export function workTable(work: string, arms: Results['works'][string]): string {
  const cells = Object.entries(arms).map(([arm, samples]) => [arm, ...COLUMNS.map(([, cell]) => cell(samples))]);
  const heads = ['arm', ...COLUMNS.map(([head]) => head)];
  const kept = heads.map((head, i) => i === 0 || (cells.some((row) => row[i] !== '') && !isWrong(work, head)));
  return table([heads, ...cells].map((row) => row.filter((_, i) => kept[i])));
}

/** Calls a second would be those of one after the other. */
function isWrong(work: string, head: string): boolean {
  return ONE_BY_ONE.includes(work) && head === 'calls/s';
}

/** The first row is the heads; columns are as wide as their widest cell. */
export function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(3, ...rows.map((row) => row[i]!.length)));
  const line = (row: string[]): string => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  const [heads = [], ...others] = rows;
  return [line(heads), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...others.map(line)].join('\n');
}

function of(samples: Sample[], figure: (sample: Sample) => number | undefined): string {
  const all = samples.map(figure).filter((value) => value !== undefined);
  return all.length === 0 ? '' : number(median(all));
}

function range(values: number[]): string {
  const { min, max } = spreadOf(values);
  return `${number(min)} … ${number(max)}`;
}

/** With so many digits as say something. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value)) return String(value);
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}
