import { createHash } from 'node:crypto';

/** Drawn for this fake: a few shapes, of which each name has its own in a colour of its own. */
const SHAPES = [
  '<circle cx="16" cy="32" r="12"/><circle cx="48" cy="32" r="12" opacity=".6"/>',
  '<path d="M32 6 58 32 32 58 6 32z"/><path d="M32 22 42 32 32 42 22 32z" fill="#fff"/>',
  '<path d="M6 54V28h12v26zM26 54V10h12v44zM46 54V20h12v34z"/>',
  '<path d="M8 8h22v22H8zM34 34h22v22H34z"/><path d="M34 8h22v22H34zM8 34h22v22H8z" opacity=".5"/>',
  '<path d="M32 6a26 26 0 1 1-26 26h14a12 12 0 1 0 12-12z"/>',
];

/** A logo in SVG. @param provider its name */
export function drawLogo(provider: string): string {
  const [hue = 0, hueToo = 0, shape = 0] = createHash('sha256').update(provider).digest();
  const color = `hsl(${(hue * 256 + hueToo) % 360} 65% 42%)`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" fill="${color}">${SHAPES[shape % SHAPES.length]}</svg>\n`;
}
