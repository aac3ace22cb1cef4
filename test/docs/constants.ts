import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as limits from '../../src/contract/limits';
import { codeIn, ROOT, rowsOf } from './pages';

/** Rows of the tables with a `constant` column that say something else than the code. */
export function wrongDefaults(page: string): string[] {
  return rowsOf(page).flatMap(({ constant, value = '' }) => {
    if (constant === undefined) return [];
    const name = codeIn(constant)[0] ?? '';
    const [said, is] = [quantities(value), valueOf(name)];
    return JSON.stringify(said) === JSON.stringify(is)
      ? []
      : [`${name}: the page says ${value}, the code ${is.join()}`];
  });
}

/** What a constant is: one of `limits.ts`, or a plain number or time in any file of `src`. */
function valueOf(name: string): number[] {
  const limit: unknown = (limits as { [name: string]: unknown })[name];
  if (limit !== undefined) return [limit].flat() as number[];
  const written = new RegExp(
    `^(?:export )?const ${name} = ([\\d_.*/ ]+|(?:[\\d_.]+ \\* )?${UNIT}(?: / \\d+)?|'[^']*');$`,
    'gm',
  );
  const values = sources.flatMap((source) => [...source.matchAll(written)].map(([, value = '']) => numberOf(value)));
  return [...new Set(values)];
}

const SRC = path.join(ROOT, 'src');
const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(path.join(SRC, name), 'utf8'));

function numberOf(code: string): number {
  if (code.startsWith("'")) return quantities(code.slice(1, -1))[0] ?? NaN;
  const [product = '', divisor = '1'] = code.split('/');
  const factors = product.split('*').map((factor) => UNIT_MS[factor.trim()] ?? Number(factor.replaceAll('_', '')));
  return factors.reduce((a, b) => a * b, 1) / Number(divisor);
}

/** Units that several files have, under the same names. */
const UNIT = '(?:MINUTE|HOUR|DAY)_MS';
const UNIT_MS: { [name: string]: number } = { MINUTE_MS: 60_000, HOUR_MS: 3_600_000, DAY_MS: 86_400_000 };

const UNITS: { [unit: string]: number } = {
  '': 1,
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  KB: 1_024,
  MB: 1_024 * 1_024,
};

/** `1 day, 3 days` in milliseconds, `8 MB` in bytes, `1,000` as it is. */
function quantities(text: string): number[] {
  return text.split(', ').map((quantity) => {
    const [count = '', unit = ''] = quantity.split(' ');
    return Number(count.replaceAll(',', '')) * (UNITS[unit.replace(/s$/, '')] ?? NaN);
  });
}
