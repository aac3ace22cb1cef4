/** Red, green and blue, 0 to 255 each. */
export type Color = readonly [number, number, number];

/** @param written as `#rrggbb` */
export function readColor(written: string): Color {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(written.slice(at, at + 2), 16));
  return [red, green, blue];
}

export function writeColor(color: Color): string {
  return `#${color.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

/** How well two colours can be told apart, 1 to 21. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(one: Color, other: Color): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(color: Color): number {
  const [red = 0, green = 0, blue = 0] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The first of the colours between two that has a contrast of so much or more to every ground; else the second. */
export function shadeFor(color: Color, towards: Color, grounds: Color[], ratio: number): Color {
  for (let share = 0; share < 1; share += 0.02) {
    const shade = mixed(color, towards, share);
    if (grounds.every((ground) => contrast(shade, ground) >= ratio)) return shade;
  }
  return towards;
}

/** Rounded as it is written: what is checked is what is shown. */
function mixed(one: Color, other: Color, share: number): Color {
  const [red = 0, green = 0, blue = 0] = one.map((part, i) => Math.round(part + ((other[i] ?? 0) - part) * share));
  return [red, green, blue];
}
