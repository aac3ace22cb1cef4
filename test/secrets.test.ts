import { inspect } from 'node:util';
import { DefaultLogger } from '@temporalio/worker';
import { checkCall } from '../src/contract/rules/check-call';
import { NangoPlugin } from '../src/plugin';
import { everythingWritten, hits, textsIn } from './support/history-scan';
import type { Text } from './support/history-scan';
import { leak, LEAKS } from './support/secret-leaks';
import type { Leak } from './support/secret-leaks';
import { SecretStory } from './support/secret-story';
import { canary } from './support/secret-story/ledger';
import type { Ledger } from './support/secret-story/ledger';
import { eventually } from './support/eventually';
import type { World } from './support/world';

// Our worker is the built one, as a process: `pretest` builds it.

/** The whole story is played before the first test. */
const STORY_MS = 480_000;

let story: SecretStory;
let ledger: Ledger;
let world: World;
let leaks: Map<Leak, string>;
/** all that is in Temporal after the story and the leaks, and what workflows showed while they ran */
const written: Text[] = [];
/** what the workers of this process log, at every level */
const logged: Text[] = [];

beforeAll(async () => {
  jest.spyOn(DefaultLogger.prototype, 'log').mockImplementation((...entry) => {
    // At once: what is logged may be emptied later.
    logged.push(...textsIn(entry, `log of ${entry[1]}`));
  });
  story = await SecretStory.open();
  ({ ledger, world } = story.stage);
  await story.play();
  const leaked = await leak(world);
  leaks = leaked.values;
  await eventually(async () => {
    // What is listed lags a little.
    const listed = new Set<string>();
    for await (const { workflowId } of world.client.workflow.list()) listed.add(workflowId);
    return story.stage.started.every((id) => listed.has(id)) ? true : undefined;
  });
  for await (const text of everythingWritten(world.client)) written.push(text);
  written.push(...story.stage.shown, ...leaked.shown);
}, STORY_MS);

afterAll(async () => {
  jest.restoreAllMocks();
  await story?.close();
});

test('every secret was seen where it is used, so that it could have got out', () => {
  expect(ledger.canaries.size).toBeGreaterThan(120);
  expect(ledger.unseen()).toEqual([]);
});

describe('no secret is in', () => {
  test('anything that Temporal keeps', async () => {
    expect(await hits(written, ledger.canaries)).toEqual([]);
  });

  test('the log of the worker, which does tell of the failures', async () => {
    expect(story.log).toContain('Nango.ProviderRejected');
    expect(await hits(textsIn(story.log, 'log'), ledger.canaries)).toEqual([]);
  });

  test('what workers of this process log', async () => {
    const texts = logged.map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(['Nango.Forbidden', 'Nango.NotifierFailed']));
    expect(await hits(logged, ledger.canaries)).toEqual([]);
  });

  test('errors, views and lists that callers get', async () => {
    expect(await hits(textsIn(ledger.given, 'given'), ledger.canaries)).toEqual([]);
  });

  test.each<[string, () => object]>([
    ['a plugin', () => new NangoPlugin({ config: world.config })],
    ['the connections of a backend', () => world.connections],
    ['a request', () => world.connections.request({ id: 'r', firstExecutionRunId: 'f' })],
  ])('%s that is printed', async (_, make) => {
    const printed = inspect(make(), { depth: 10, maxStringLength: null, maxArrayLength: null });
    expect(await hits(textsIn(printed, 'printed'), ledger.canaries)).toEqual([]);
  });

  test('the refusal of a call that brings a credential of its own', async () => {
    const secrets = new Map([['header', canary('header')]]);
    const refused: unknown[] = [];
    for (const name of ['Authorization', 'proxy-authorization', 'cookie', 'x-newline']) {
      const value = `${secrets.get('header')}${name === 'x-newline' ? '\n' : ''}`;
      try {
        checkCall({ method: 'GET', endpoint: '/x', headers: { [name]: value } });
      } catch (error) {
        refused.push(error);
      }
    }
    expect(refused).toHaveLength(4);
    expect(refused).toEqual(refused.map(() => expect.objectContaining({ type: 'Nango.InvalidRequest' }) as unknown));
    expect(await hits(textsIn(refused, 'refused'), secrets)).toEqual([]);
  });
});

describe('the scan', () => {
  test.each([
    ['a request and its memo', /^connectionRequest .* list\.memo/],
    ['the input of an update', /^connectionRequest .*workflowExecutionUpdateAcceptedEventAttributes\.acceptedRequest/],
    ['the outcome of an update', /^connectionRequest .*workflowExecutionUpdateCompletedEventAttributes\.outcome/],
    ['a hint', /^connectionRequest .*workflowExecutionSignaledEventAttributes\.input/],
    ['a sweep', /^connectionWatch .*activityTaskCompletedEventAttributes\.result/],
    ['a failed call', /^call .*activityTaskFailedEventAttributes\.failure/],
    ['a call that is being retried', /^call .*describe\.pendingActivities\.0\.lastFailure/],
    ['a parked join', /^waitFor .*describe\.pendingActivities\.0\.heartbeatDetails/],
    ['a notifier that failed', /^connectionRequest nango.notified.* describe\.pendingActivities\.\d+\.lastFailure/],
    ['an action that is being waited for', /^act .*describe\.pendingActivities\.0\.lastFailure/],
    ['a page and the place of the next', /^readAll .*activityTaskCompletedEventAttributes\.result.*\(base64\)/],
    ['what a reconnect wipes', /^connectionRequest nango.default.keyed.* event \d+\.activityTaskCompleted/],
    ['what a set-up was told', /^integrationSetUp .*workflowExecutionUpdateAcceptedEventAttributes\.acceptedRequest/],
    ['a creation that Nango refused', /^integrationSetUp .*activityTaskFailedEventAttributes\.failure/],
    ['the details of a request', /^nango.default.crm.* shows\.currentDetails/],
    ['the details of a question', /^nango.default.keyed.* shows\.currentDetails/],
    ['a standalone activity', /^activity nango\.findConnections\/.* describe\.outcome/],
  ])('reads %s', (_, where) => {
    expect(written.some((text) => where.test(text.where))).toBe(true);
  });

  test.each(Object.entries(LEAKS) as [Leak, RegExp][])(
    'finds a canary that was leaked on purpose into %s',
    async (how, where) => {
      const found = await hits(written, new Map([[how, leaks.get(how)!]]));
      expect(found.map((hit) => hit.where)).toContainEqual(expect.stringMatching(where));
    },
  );

  test('finds a canary that was leaked on purpose into a log', async () => {
    const found = await hits(logged, new Map([['log', leaks.get('a failure message')!]]));
    expect(found.length).toBeGreaterThan(0);
  });

  test('refuses a canary that might be found by chance', async () => {
    await expect(hits([], new Map([['short', 'secret']]))).rejects.toThrow('too short');
  });
});
