import type { Results, Sample } from './sample';
import { ratios, spreadOf } from './statistics';

/** Works that all four arms do, and whose rates can be compared. */
const PLOTTED = ['reads', 'writes', 'answers of 20 KB', 'answers of 200 KB', 'answers of 200 KB, picked'];
const ARMS = ['undici', 'node-sdk', 'hand-written', 'ours'];
const COLORS = ['#8c959f', '#bf8700', '#8250df', '#1a7f37'];

const WIDTH = 760;
const LEFT = 200;
const RIGHT = 80;
const BAR = 14;
const GAP = 18;
const TOP = 56;

/** Calls a second of each arm over those of undici, as bars with their spread. */
export function plot(works: Results['works']): string {
  const groups = PLOTTED.flatMap((work) => {
    const arms = works[work];
    return arms === undefined ? [] : [{ work, bars: barsOf(arms) }];
  });
  const longest = Math.max(1, ...groups.flatMap(({ bars }) => bars.map(({ max }) => max)));
  const x = (value: number): number => Math.round((value / longest) * (WIDTH - LEFT - RIGHT) * 10) / 10;
  const height = TOP + groups.length * (ARMS.length * BAR + GAP);
  const title = 'Calls a second over those of undici, medians with their spread';
  const parts = groups.flatMap(({ work, bars }, g) => {
    const top = TOP + g * (ARMS.length * BAR + GAP);
    return [
      `<text x="${LEFT - 10}" y="${top + (ARMS.length * BAR) / 2 + 4}" text-anchor="end">${escapeXml(work)}</text>`,
      ...bars.map(({ median, min, max }, a) => {
        const y = top + a * BAR;
        return [
          `<rect x="${LEFT}" y="${y}" width="${x(median)}" height="${BAR - 2}" fill="${COLORS[a]}"/>`,
          `<line x1="${LEFT + x(min)}" x2="${LEFT + x(max)}" y1="${y + 6}" y2="${y + 6}" stroke="#1f2328"/>`,
          `<text x="${LEFT + x(max) + 6}" y="${y + 10}">${median.toFixed(2)}</text>`,
        ].join('');
      }),
    ];
  });
  const legend = ARMS.map(
    (arm, a) =>
      `<rect x="${LEFT + a * 120}" y="30" width="10" height="10" fill="${COLORS[a]}"/>` +
      `<text x="${LEFT + a * 120 + 15}" y="39">${escapeXml(arm)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeXml(title)}" font-family="sans-serif" font-size="11" fill="#1f2328">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="10" y="18" font-size="13">${escapeXml(title)}</text>`,
    ...legend,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function barsOf(arms: { [arm: string]: Sample[] }): { median: number; min: number; max: number }[] {
  const rates = (arm: string): number[] => (arms[arm] ?? []).map(({ ms, calls, failed }) => (calls - failed) / ms);
  return ARMS.map((arm) => {
    const spread = spreadOf(ratios(rates(arm), rates('undici')));
    return Number.isFinite(spread.median) ? spread : { median: 0, min: 0, max: 0 };
  });
}

/** Text as it may stand in an SVG, between tags or in an attribute. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
