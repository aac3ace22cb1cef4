import { goalTable } from './goals';
import type { Results } from './sample';
import { summarize } from './summary';
import { table, workTable } from './tables';

const BEGIN = '<!-- figures: written by `npm run bench -- --write` -->';
const END = '<!-- end of figures -->';

/** The page with its figures replaced; what people wrote around them stays. */
export function withFigures(page: string, figures: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('The page has no place for figures');
  return `${page.slice(0, begin + BEGIN.length)}\n\n${figures.trim()}\n\n${page.slice(end)}`;
}

/** All figures, in Markdown. @param plotPath of the picture, from the page */
export function figuresOf(results: Results, plotPath: string): string {
  const { works, parked, machine, size, sizeName } = results;
  const { packages, ...facts } = machine;
  const summary = summarize(results);
  const resident = parked?.residentMb === undefined ? '' : `, ${parked.residentMb.toFixed(3)} MB resident each`;
  const parts = [
    '### Goals',
    goalTable(summary),
    '### Picture',
    `![Calls a second over those of undici](${plotPath})`,
    ...Object.entries(works).flatMap(([work, arms]) => [`### Work: ${work}`, workTable(work, arms)]),
    ...(parked === undefined
      ? []
      : [
          '### Work: parked',
          `Up to ${parked.upTo} requests parked: a heap of ${parked.heapMb.toFixed(3)} MB each${resident}.`,
        ]),
    '### The machine',
    `${facts.cores} cores of ${facts.cpu}, ${facts.memoryGb} GB, ${facts.system}, Node ${facts.node}, Temporal server ${facts.temporal}. ` +
      `Size \`${sizeName}\`: medians of ${size.rounds} rounds, of ${size.slowRounds} where calls are limited or many.`,
    table([['package', 'version'], ...Object.entries(packages)]),
  ];
  return parts.join('\n\n');
}
