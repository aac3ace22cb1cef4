import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Stage } from './stage';
import { PAGE_STATES } from './states';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const ROOT = join(__dirname, '../..');
const PHONE = { viewport: { width: 360, height: 740 } };

interface Violation {
  id: string;
  nodes: { html: string; failureSummary: string }[];
}

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage?.close());

describe.each(Object.entries(PAGE_STATES))('%s', (_, { as, open }) => {
  test('axe finds nothing, light and dark, wide and on a phone, and nothing has to be scrolled sideways', async () => {
    const page = await stage[as]();
    await open(stage, page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const viewport of [{ width: 1_280, height: 800 }, PHONE.viewport]) {
        await page.setViewportSize(viewport);
        expect(await violations(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);
      }
    }
    await page.context().close();
  });
});

test('every state has a picture, and the page of the web shows it', () => {
  const page = readFileSync(join(ROOT, 'docs/web.md'), 'utf8');
  const files = readdirSync(join(ROOT, 'docs/images'));
  const pictures = files.filter((file) => file.endsWith('.png')).map((file) => file.slice(0, -'.png'.length));
  expect(pictures).toEqual(expect.arrayContaining(Object.keys(PAGE_STATES)));
  expect(pictures.filter((name) => !page.includes(`images/${name}.png`))).toEqual([]);
});

test('dark is dark', async () => {
  const grounds = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await stage.person({ colorScheme });
    await page.goto(stage.web.inboxUrl);
    grounds.push(await page.evaluate<string>('getComputedStyle(document.body).backgroundColor'));
  }
  const [light, dark] = grounds.map((ground) => Number(/\d+/.exec(ground)?.[0]));
  expect(light).toBeGreaterThan(200);
  expect(dark).toBeLessThan(60);
});

/** axe-core is evaluated by the debugger, which no content policy stops. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate<Violation[]>('axe.run().then(({ violations }) => violations)');
  return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}
