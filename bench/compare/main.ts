import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { Closing } from './closing';
import { goalTable } from './figures/goals';
import { figuresOf, withFigures } from './figures/page';
import { plot } from './figures/plot';
import type { Results } from './figures/sample';
import { summarize } from './figures/summary';
import { workTable } from './figures/tables';
import { thisMachine } from './machine';
import { readOptions } from './options';
import type { BenchOptions } from './options';
import { SIZES } from './sizes';
import { openStage } from './stage';
import { STAGE_WORKS } from './works';
import { parked, resume } from './works/other-benches';

/**
 * `npm run bench`: this package beside what one would use in its place, in turn, in one run; `docs/performance.md` says
 * what is measured. Progress goes to standard error, tables to standard output.
 */

const PAGE = join(__dirname, '../../docs/performance.md');
const PLOT = 'images/performance.svg';
const PRETTIER = { parser: 'markdown', printWidth: 120 };

async function run({ only, sizeName, rounds, errorShare, real }: BenchOptions, closing: Closing): Promise<Results> {
  const size = { ...SIZES[sizeName], ...(rounds === undefined ? {} : { rounds, slowRounds: rounds }) };
  const results: Results = { sizeName, size, machine: thisMachine('not used'), works: {} };
  const onStage = Object.entries(STAGE_WORKS).filter(([name]) => only.includes(name));
  if (onStage.length > 0) {
    const stage = await openStage(closing, real);
    results.machine = thisMachine(stage.temporalVersion);
    for (const [, work] of onStage) Object.assign(results.works, await work({ stage, size, errorShare }));
    // Nothing of it runs beside the others.
    await closing.closeOpen();
  }
  if (only.includes('resume')) results.works.resume = await resume(closing, size);
  if (only.includes('parked')) results.parked = await parked(closing, size);
  return results;
}

async function report(results: Results, { json, write, real }: BenchOptions): Promise<void> {
  const summary = summarize(results);
  for (const [work, arms] of Object.entries(results.works)) console.log(`\n${work}\n\n${workTable(work, arms)}`);
  if (real === undefined) console.log(`\n${goalTable(summary)}`);
  if (write) {
    writeFileSync(join(PAGE, '..', PLOT), plot(results.works));
    const page = withFigures(readFileSync(PAGE, 'utf8'), figuresOf(results, PLOT));
    writeFileSync(PAGE, await format(page, PRETTIER));
  }
  if (json) console.log(JSON.stringify(summary));
}

/** Rejects on Ctrl-C, and when somebody ends us. */
function brokenOff(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => reject(new Error(`Broken off by ${signal}`)));
    }
  });
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  const closing = new Closing();
  const running = run(options, closing);
  try {
    const results = await Promise.race([running, brokenOff()]);
    await closing.close();
    await report(results, options);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
    await closing.close();
    // What is being opened in this moment is closed as soon as it is there.
    await running.catch(() => undefined);
  }
}

void main().finally(() => process.exit());
