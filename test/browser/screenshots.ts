import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Stage } from './stage';
import { PAGE_STATES } from './states';

/** `npm run screenshots`: a picture of every state of every page, as people see it. */

const IMAGES = path.join(__dirname, '..', '..', 'docs', 'images');
const VIEWPORTS = { person: { width: 1_280, height: 640 }, operator: { width: 1_280, height: 760 } };

let stage: Stage;

beforeAll(async () => {
  mkdirSync(IMAGES, { recursive: true });
  stage = await Stage.open();
});

afterAll(() => stage?.close());

test.each(Object.entries(PAGE_STATES))('%s', async (name, { as, open }) => {
  const page = await stage[as]({ viewport: VIEWPORTS[as], colorScheme: 'light' });
  await open(stage, page);
  await page.screenshot({ path: path.join(IMAGES, `${name}.png`), fullPage: true });
  await page.context().close();
});

test.each([
  'connect-asked',
  'connect-branded',
  'connect-long-name',
  'connect-scopes',
  'connect-recreate',
  'connect-was-it-you',
  'connect-unconfirmed',
  'connect-was-not-you',
  'connect-other-browser',
  'connect-used-twice',
  'connect-confirmed',
  'connect-pale',
  'connect-plain',
  'inbox-empty',
  'inbox-mixed',
  'inbox-question',
  'inbox-unconfirmed',
  'inbox-used-twice',
  'inbox-confirm-owner',
  'inbox-refuse-owner',
  'inbox-confirmed',
  'inbox-refused',
  'inbox-disconnect',
  'inbox-left-behind',
  'inbox-never-confirmed',
  'inbox-list',
  'inbox-bulk',
])('%s, dark and on a phone', async (name) => {
  const { as, open } = PAGE_STATES[name]!;
  const page = await stage[as]({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
  await open(stage, page);
  await page.screenshot({ path: path.join(IMAGES, `${name}-phone-dark.png`) });
});
