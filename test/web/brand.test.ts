import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveConfig } from '../../src/config';
import type { NangoConfig } from '../../src/config';
import { detailsOf, findNangoFailure } from '../../src/contract/errors';
import { readBrand } from '../../src/web/brand/brand';
import type { Brand } from '../../src/web/brand/brand';
import { brandCss, GROUNDS } from '../../src/web/brand/brand-css';
import { contrast, readColor, writeColor } from '../../src/web/brand/contrast';
import { absentTemporal } from '../support/absent-temporal';
import { Random } from '../support/random';
import { Visitor } from './public-stage';

// What the application shows of itself on the public pages: its name, its mark and one colour.

const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9v9H0z"/></svg>');
const CONFIG: NangoConfig = resolveConfig({ env: {}, cwd: tmpdir() });
const NOWHERE = '/connect/nothing';

const client = absentTemporal();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'brand-'));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await client.connection.close();
});

const visitor = (over: Partial<NangoConfig>, brand?: Brand) =>
  new Visitor({ client, config: { ...CONFIG, ...over } }, { brand });

function refusal(brand: Brand, over: Partial<NangoConfig> = {}): unknown {
  try {
    return readBrand(brand, { ...CONFIG, ...over });
  } catch (error) {
    const failure = findNangoFailure(error);
    return failure && [failure.type, detailsOf(failure).field];
  }
}

describe('the colour', () => {
  /** The properties of the stylesheet; of a pair both. */
  function sheet(color: string): Record<string, string[]> {
    const lines = [...brandCss(color).matchAll(/--([\w-]+): (?:light-dark\((.*?), (.*?)\)|(.*?));/g)];
    return Object.fromEntries(lines.map(([, name, light, dark, both]) => [name!, [light ?? both!, dark ?? both!]]));
  }

  const ratio = (one: string, other: string) => contrast(readColor(one), readColor(other));
  const random = new Random(15);
  const EDGES = ['#000000', '#ffffff', '#777777', '#767676', '#ffff00', '#0000ff', '#00ff00', '#ff0000', '#808080'];
  const GRAYS = Array.from({ length: 256 }, (_, i) => writeColor([i, i, i]));
  const ANY = Array.from({ length: 2_000 }, () => writeColor([0, 1, 2].map(() => random.next() * 255) as never));

  test.each([...EDGES, '#0f766e', '#ffe94d', '#1d2026', '#f6f7f9'])('%s can be read wherever it is used', (color) => {
    expect(unreadable(color)).toEqual([]);
  });

  test('so can every grey, and thousands more', () => {
    expect([...GRAYS, ...ANY].flatMap(unreadable)).toEqual([]);
  });

  /** What of a colour cannot be read or seen, and on which ground. */
  function unreadable(color: string): string[] {
    const { accent = [], fill = [], 'fill-edge': edge = [], 'on-fill': onFill = [] } = sheet(color);
    return (['light', 'dark'] as const).flatMap((scheme, at) => {
      const checked: [what: string, one: string, other: string, least: number][] = [
        ['on the button', onFill[at]!, fill[at]!, 4.5],
        ...GROUNDS[scheme].flatMap((ground): [string, string, string, number][] => [
          ['a link', accent[at]!, ground, 4.5],
          // Of the edge and of what it is around, one is seen.
          ['the edge', edge[at]!, ground, 3],
        ]),
      ];
      const wrong = checked.filter(([, one, other, least]) => !(ratio(one, other) >= least));
      return [
        ...(fill[at] === color ? [] : [`${color} is not the button's`]),
        ...wrong.map(([what, one, other]) => `${color}: ${what} ${one} on ${other}`),
      ];
    });
  }

  test('that can be read everywhere stays as it is', () => {
    expect(sheet('#777fff')).toMatchObject({ fill: ['#777fff', '#777fff'] });
    expect(sheet('#1a56c4').accent?.[0]).toBe('#1a56c4');
    expect(sheet('#8ab4ff').accent?.[1]).toBe('#8ab4ff');
  });

  test('is measured as WCAG says', () => {
    expect(ratio('#000000', '#ffffff')).toBeCloseTo(21);
    expect(ratio('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  test('is set against the grounds that the pages have', () => {
    const css = readFileSync(join(__dirname, '../../src/web/assets/style.css'), 'utf8');
    expect(css).toContain(`--ground: light-dark(${GROUNDS.light[0]}, ${GROUNDS.dark[0]});`);
    expect(css).toContain(`--card: light-dark(${GROUNDS.light[1]}, ${GROUNDS.dark[1]});`);
  });

  test('comes by a stylesheet of its own, which there is only with a colour', async () => {
    const branded = visitor({}, { color: '#0f766e' });
    expect((await branded.get(NOWHERE)).html).toContain('<link rel="stylesheet" href="../assets/brand.css"/>');
    const { status, html, headers } = await branded.get('/assets/brand.css');
    expect([status, headers.get('content-type'), html]).toEqual([200, 'text/css; charset=utf-8', brandCss('#0f766e')]);
    const plain = visitor({});
    expect((await plain.get(NOWHERE)).html).not.toContain('brand.css');
    expect((await plain.get('/assets/brand.css')).status).toBe(404);
  });

  test('is that of the settings, unless the option names another', () => {
    const settings = { ...CONFIG, brandColor: '#111111' };
    expect(readBrand({}, settings).color).toBe('#111111');
    expect(readBrand({ color: '#222222' }, settings).color).toBe('#222222');
  });

  test.each(['', 'red', '#fff', '#12345', '#1234567', '#12345g', '#123456;}', ' #123456'])('%p is refused', (color) => {
    expect(refusal({ color })).toEqual(['Nango.Misconfigured', 'brand.color']);
    expect(refusal({}, { brandColor: color })).toEqual(['Nango.Misconfigured', 'TEMPORAL_NANGO_BRAND_COLOR']);
  });
});

describe('the mark', () => {
  test('is sent from our own address, with what keeps a script in it from running', async () => {
    for (const mark of [SVG, new Uint8Array(SVG), join(folder, 'mark.svg')]) {
      writeFileSync(join(folder, 'mark.svg'), SVG);
      const branded = visitor({}, { mark });
      expect((await branded.get(NOWHERE)).html).toContain('<img src="../assets/mark" alt=""/>');
      const { status, html, headers } = await branded.get('/assets/mark');
      expect([status, html]).toEqual([200, SVG.toString()]);
      expect(headers.get('content-type')).toBe('image/svg+xml');
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';.* sandbox/);
    }
  });

  test('is read once, at the start', async () => {
    writeFileSync(join(folder, 'gone.svg'), SVG);
    const branded = visitor({ brandMark: join(folder, 'gone.svg') });
    rmSync(join(folder, 'gone.svg'));
    expect((await branded.get('/assets/mark')).html).toBe(SVG.toString());
  });

  test('is the first letter of the name where there is none', async () => {
    const { html } = await visitor({ appName: '«ñandú»' }).get(NOWHERE);
    expect(html).toContain('<span class="logo letter">Ñ</span>');
    expect(html).not.toContain('<img');
  });

  test('that is no picture, too large or not there is refused at the start', () => {
    writeFileSync(join(folder, 'page.svg'), '<!doctype html>');
    const large = Buffer.concat([SVG, Buffer.alloc(256 * 1024)]);
    for (const mark of [Buffer.alloc(0), large, folder, join(folder, 'none.svg'), join(folder, 'page.svg')]) {
      expect(refusal({ mark })).toEqual(['Nango.Misconfigured', 'brand.mark']);
    }
    const setting = ['Nango.Misconfigured', 'TEMPORAL_NANGO_BRAND_MARK'];
    expect(refusal({}, { brandMark: join(folder, 'none.svg') })).toEqual(setting);
  });
});

describe('the name', () => {
  test('of 300 characters is shown by its first 60', async () => {
    const { text } = await visitor({ appName: '🏛️ Department '.repeat(30).slice(0, 300) }).get(NOWHERE);
    expect(text).not.toContain('\uFFFD');
    const [, shown = ''] = /<span class="names"><span>(.*?)<\/span>/.exec(text) ?? [];
    expect(Array.from(shown).length).toBeLessThanOrEqual(60);
    expect(shown).toMatch(/^🏛️ Department .*(🏛️|Department)…$/u);
  });

  test('turns nothing that stands around it', async () => {
    const { html } = await visitor({ appName: 'Acme\u202e gro.live\u2066' }).get(NOWHERE);
    expect(html).toContain('<bdi>Acme\uFFFD gro.live\uFFFD</bdi>');
  });
});

test('a page of which nothing is known has no head without a name', async () => {
  expect((await visitor({}).get(NOWHERE)).html).not.toContain('masthead');
});
