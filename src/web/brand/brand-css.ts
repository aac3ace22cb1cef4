import { contrast, readColor, shadeFor, writeColor } from './contrast';
import type { Color } from './contrast';

/** What pages are drawn on, as style.css says it: page and card. */
export const GROUNDS = { light: ['#f6f7f9', '#ffffff'], dark: ['#14161a', '#1d2026'] } as const;

/** Of text, and of what is no text. https://www.w3.org/TR/WCAG22/#contrast-minimum */
const [TEXT_RATIO, EDGE_RATIO] = [4.5, 3];
const WHITE: Color = [255, 255, 255];
const BLACK: Color = [0, 0, 0];

/**
 * The stylesheet of a brand's colour. The button is of that very colour, with white or black on it: one of them can always be
 * read. Links are of the nearest shade that can be read on our grounds, and the button has an edge of it where it would not
 * stand out from its ground.
 *
 * @param color as `#rrggbb`
 */
export function brandCss(color: string): string {
  const fill = readColor(color);
  const onFill = contrast(fill, WHITE) >= TEXT_RATIO ? WHITE : BLACK;
  const light = shadesOn(fill, GROUNDS.light.map(readColor), BLACK);
  const dark = shadesOn(fill, GROUNDS.dark.map(readColor), WHITE);
  return [
    ':root {',
    `  --accent: light-dark(${light.text}, ${dark.text});`,
    `  --fill: ${writeColor(fill)};`,
    `  --fill-edge: light-dark(${light.edge}, ${dark.edge});`,
    `  --on-fill: ${writeColor(onFill)};`,
    '}\n',
  ].join('\n');
}

function shadesOn(fill: Color, grounds: Color[], towards: Color): { text: string; edge: string } {
  const text = shadeFor(fill, towards, grounds, TEXT_RATIO);
  const standsOut = grounds.every((ground) => contrast(fill, ground) >= EDGE_RATIO);
  return { text: writeColor(text), edge: writeColor(standsOut ? fill : text) };
}
