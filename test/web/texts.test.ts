import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { Hono } from 'hono';
import { World } from '../support/world';
import { foreign } from '../../src/web/foreign';
import { publicWeb } from '../../src/web/public-web';
import { inboxWeb } from '../../src/web/inbox-web';
import { ENGLISH_INBOX } from '../../src/web/texts/inbox';
import { ENGLISH_PUBLIC } from '../../src/web/texts/public';
import { openRequest, pathOf } from './public-stage';

const WEB = join(__dirname, '../../src/web');
/** Attributes that people read, or hear. */
const READ = new Set(['alt', 'aria-description', 'aria-label', 'data-copied', 'label', 'placeholder', 'title', 'lang']);

/** Words that a page says by itself: text of an element, and what stands in an attribute that is read. */
function* wordsIn(name: string, code: string): Generator<string> {
  const nodes: ts.Node[] = [ts.createSourceFile(name, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    ts.forEachChild(node, (child) => void nodes.push(child));
    if (ts.isJsxText(node) && /\p{L}/u.test(node.text)) yield node.text.trim();
    if (ts.isJsxAttribute(node) && READ.has(node.name.getText())) yield* literalIn(node.initializer);
    if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent)) yield* literalIn(node.expression);
  }
}

function* literalIn(node: ts.Node | undefined): Generator<string> {
  if (node !== undefined && ts.isStringLiteralLike(node) && /\p{L}/u.test(node.text)) yield node.text;
}

test('no page has words of its own: all stand in the catalogue', () => {
  const pages = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'));
  expect(pages.length).toBeGreaterThan(30);
  const found = pages.flatMap((name) =>
    [...wordsIn(name, readFileSync(join(WEB, name), 'utf8'))].map((words) => `${name}: ${words}`),
  );
  expect(found).toEqual([]);
});

test.each([
  ['<p>Hello {name}</p>', ['Hello']],
  ['<p>{"Hello"}</p>', ['Hello']],
  ['<nav aria-label="Lists" class="x">{a}</nav>', ['Lists']],
  ['<p>{texts.hello} – {n}</p>', []],
])('words are found: %s', (code, expected) => {
  expect([...wordsIn('a.tsx', code)]).toEqual(expected);
});

describe('two handlers of a process', () => {
  let world: World;

  beforeAll(async () => {
    const token = 't'.repeat(32);
    world = await World.open('dev', {
      config: { linkKeys: ['k'.repeat(32)], publicUrl: 'http://127.0.0.1:1', inboxToken: token },
    });
  });

  afterAll(async () => world?.close());

  test('a host says what each integration is wanted for, and of the others nothing', async () => {
    const { client, config } = world;
    const { questions } = ENGLISH_PUBLIC;
    const why = ({ key, name }: { key: string; name: string }) =>
      key === 'hubspot' ? `So that <deals> of ${foreign(name)} appear in your reports.` : undefined;
    const texts = { questions: { ...questions, connect: { ...questions.connect, why } } };
    const web = publicWeb(client, { config, texts });
    world.nango.addIntegration({ key: 'other', provider: 'hubspot' });
    const [said, unsaid] = await Promise.all(
      ['hubspot', 'other'].map(async (integration) => {
        const { ref } = await openRequest(world, { integration });
        return await (await web.request(pathOf(ref))).text();
      }),
    );
    expect(said).toContain('<p>So that &lt;deals&gt; of <bdi>HubSpot</bdi> appear in your reports.</p>');
    expect(unsaid).not.toContain('appear in your reports');
  });

  test('each speak their own language, also at once', async () => {
    const { client, config } = world;
    const german = {
      lang: 'de',
      next: 'Wie es weitergeht',
      notFound: { title: 'Dieser Link geht nicht', text: 'Er ist vielleicht nicht vollständig.' },
    };
    const [de, en] = [publicWeb(client, { config, texts: german }), publicWeb(client, { config })];
    const { ref } = await openRequest(world);
    const asked = Array.from({ length: 10 }, () =>
      [de, en].map(async (web) => await (await web.request(pathOf(ref))).text()),
    );
    for (const pair of asked) {
      const [inGerman, inEnglish] = await Promise.all(pair);
      expect(inGerman).toContain('<html lang="de">');
      expect(inGerman).toContain(german.next);
      // What is not replaced stays as it is.
      expect(inGerman).toContain(ENGLISH_PUBLIC.decline);
      expect(inEnglish).toContain('<html lang="en">');
      expect(inEnglish).toContain(ENGLISH_PUBLIC.next);
    }
    expect(await (await de.request('/nowhere')).text()).toContain(german.notFound.title);
  });

  test('also below each other, where something breaks, and in the inbox', async () => {
    const { client, config } = world;
    const authorize = () => Promise.reject(new Error('broken'));
    const unavailable = { title: 'Das geht gerade nicht', text: 'Später noch einmal.' };
    const app = new Hono();
    app.mount('/people', publicWeb(client, { config, authorize, texts: { unavailable } }).fetch);
    app.mount(
      '/ops',
      inboxWeb(client, {
        config,
        texts: { lang: 'de', skip: 'Zum Inhalt', login: { ...ENGLISH_INBOX.login, title: 'Anmelden' } },
      }).fetch,
    );
    const said = jest.spyOn(console, 'error').mockImplementation();
    const { ref } = await openRequest(world);
    const broken = await app.request(`/people${pathOf(ref)}`);
    expect(said).toHaveBeenCalled();
    said.mockRestore();
    expect([broken.status, await broken.text()]).toEqual([503, expect.stringContaining(unavailable.title)]);
    const login = await (await app.request('/ops/login')).text();
    expect(login).toContain('<html lang="de">');
    expect(login).toContain('Anmelden');
  });
});
