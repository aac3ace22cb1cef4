import { checkConnectionId, checkConnectionRef } from '../src/contract/rules/check-call';
import { checkActor } from '../src/contract/rules/check-bulk';
import { checkEnsureInput } from '../src/contract/rules/check-request';
import { detailsOf, findNangoFailure } from '../src/contract/errors';
import { printable, printableJson } from '../src/contract/rules/printable';
import type { Connection, EnsureConnectionInput } from '../src/contract/types';
import { printableLines } from '../src/cli/terminal/printable';
import { descriptionText, timelineText } from '../src/cli/request/request-text';
import { factsInFull } from '../src/cli/terminal/failure-facts';
import { table } from '../src/cli/terminal/table';
import { lineNotifier } from '../src/notifier';
import type { ListedBulkRun } from '../src/bulk/list';
import type { OpenRequest } from '../src/requests/list';
import type { RequestDescription } from '../src/requests/description';
import type { TimelineEvent } from '../src/requests/timeline';
import { resolveConfig } from '../src/config';
import { loggedPath } from '../src/web/access-log';
import { BulkList } from '../src/web/inbox/bulk-list';
import { Confirm } from '../src/web/inbox/confirm';
import { Detail } from '../src/web/inbox/detail';
import { Extras } from '../src/web/inbox/extras';
import { FilterForm } from '../src/web/inbox/filter-form';
import { Frame } from '../src/web/inbox/frame';
import { Headline } from '../src/web/inbox/headline';
import { List } from '../src/web/inbox/list';
import { DeclinePage } from '../src/web/public/decline-page';
import { RequestPage } from '../src/web/public/request-page';
import { ENGLISH_INBOX } from '../src/web/texts/inbox';
import { checkDecision, refuseIfMisaddressed } from '../src/workflows/request/request-checks';
import type { RequestState } from '../src/workflows/request/request-state';

// Characters that a person cannot see, or that move what stands beside them, in every place where a text of others goes.

/** What reaches beyond the text that it stands in. */
const REACHING: [name: string, character: string][] = [
  ['a bell', '\u0007'],
  ['an escape', '\u001b'],
  ['a line feed', '\n'],
  ['DEL', '\u007f'],
  ['the first of C1', '\u0080'],
  ['CSI of C1', '\u009b'],
  ['the last of C1', '\u009f'],
  ['a line separator', '\u2028'],
  ['a paragraph separator', '\u2029'],
  ['an embedding to the left', '\u202b'],
  ['the end of an embedding', '\u202c'],
  ['an override to the right', '\u202d'],
  ['an override to the left', '\u202e'],
  ['an isolate to the right', '\u2066'],
  ['an isolate of its first letter', '\u2068'],
  ['the end of an isolate', '\u2069'],
];

/** What is not seen, and does no harm where a text keeps to itself. */
const UNSEEN: [name: string, character: string][] = [
  ['a soft hyphen', '\u00ad'],
  ['an Arabic mark', '\u061c'],
  ['a space without width', '\u200b'],
  ['a joiner without width', '\u200d'],
  ['a mark to the right', '\u200e'],
  ['a mark to the left', '\u200f'],
  ['a word joiner', '\u2060'],
  ['a byte order mark', '\ufeff'],
  ['a tag', '\u{e0041}'],
];

const ALL = [...REACHING, ...UNSEEN];
/** In the same blocks, or beside them, and what people write. */
const HARMLESS = [
  'é',
  '\u00a0',
  '\u2010',
  '\u2027',
  '\u202f',
  '\u2070',
  'שלום',
  'مرحبا',
  '日本',
  '👍',
  '\u{e01f0}',
  '\ufffc',
];

function refusedField(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    const failure = findNangoFailure(error);
    if (failure?.type !== 'Nango.InvalidRequest') throw error;
    return detailsOf(failure).field;
  }
  return undefined;
}

const ensure = (over: Partial<EnsureConnectionInput>) =>
  checkEnsureInput({ integration: 'hubspot', endUser: { id: 'u' }, ...over }, 0);

/** What names something at Nango is ASCII, so it has no harmless ones. */
const ASCII = new Set(['integration', 'reconnect', 'adopt', 'connectionId', 'connection.integration']);

/** What is looked up, told apart or recorded by its text. */
const NAMES: [field: string, check: (text: string) => unknown][] = [
  ['integration', (integration) => ensure({ integration })],
  ['endUser.id', (id) => ensure({ endUser: { id } })],
  ['organization.id', (id) => ensure({ organization: { id } })],
  ['slot', (slot) => ensure({ slot })],
  ['reconnect', (reconnect) => ensure({ reconnect })],
  ['adopt', (adopt) => ensure({ adopt })],
  ['connectionId', (id) => checkConnectionId(id, 'connectionId')],
  ['connection.integration', (integration) => checkConnectionRef({ integration, connectionId: 'c' })],
  ['by', (by) => checkDecision({ accountChange: {} } as RequestState, { choice: 'yes', by })],
  ['by', (by) => checkActor({ by })],
  ['by', (by) => refuseIfMisaddressed({ status: 'waiting' } as RequestState, { by }, 'run')],
];

describe.each(NAMES.filter(([field]) => !ASCII.has(field)))('as %s', (_field, check) => {
  test.each(HARMLESS)('%j is not refused', (text) => {
    expect(refusedField(() => check(`a${text}b`))).toBeUndefined();
  });
});

describe.each(NAMES)('as %s', (field, check) => {
  test.each(ALL)('%s is refused', (_, character) => {
    for (const text of [character, `a${character}b`, `👍${character}`]) {
      expect([text, refusedField(() => check(text))]).toEqual([text, field]);
    }
  });
});

test('what people call themselves, and what tags say, may hold what is not seen', () => {
  for (const [, character] of UNSEEN) {
    const text = `a${character}b`;
    expect(() => ensure({ endUser: { id: 'u', displayName: text, email: text }, tags: { team: text } })).not.toThrow();
  }
});

/** Of every text of others, so that it is found wherever it is shown. */
const TOKEN = 'Zz9';

/** The text of a page that stands beside what is isolated: without titles, attributes and choices of a list. */
function besideIsolated(html: string): string {
  return html
    .replace(/<bdi>[^<]*<\/bdi>/g, '')
    .replace(/<(title|option)\b[^>]*>[^<]*<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ');
}

/** Every page that shows a text of others, with one in each place for one. */
function pages(text: string): [name: string, html: string][] {
  const ref = { id: `nango/default/${text}`, firstExecutionRunId: 'r' };
  const change = { recorded: text, found: text };
  const owner = { endUser: { id: text, displayName: text, email: text }, organization: { id: text } };
  const question = { kind: 'reconnect' as const, since: 0, deadline: 1, accountChange: change };
  const counts = { subscribers: 1, reminders: 0, extras: 1 };
  const view = {
    status: 'waiting' as const,
    integration: text,
    owner,
    slot: text,
    scopes: [text],
    question,
    ...counts,
  };
  const description: RequestDescription = { ref, view, startedAt: new Date(0) };
  const connection = {
    connectionId: text,
    integration: text,
    tags: { tn_account: text },
    createdAt: '2026-01-01T00:00:00Z',
    grantedScopes: [text],
  };
  const ended: RequestDescription = {
    ...description,
    closedAt: new Date(1),
    connection: connection as unknown as Connection,
  };
  const as = (status: RequestDescription['view']['status']): RequestDescription => ({
    ...ended,
    view: { ...view, question: undefined, status, missingScopes: status === 'connected' ? undefined : [text] },
  });
  const ends = [
    as('connected'),
    as('declined'),
    as('timedOut'),
    as('cancelled'),
    { ...as('declined'), replacedBy: ref },
  ];
  const people = { root: './', self: './x', face: { name: text }, app: text };
  const plain = {
    ...description,
    view: { ...view, scopes: undefined, question: { ...question, accountChange: undefined } },
  };
  const scopes = { granted: [text], missing: [text] };
  const approval = {
    ...description,
    view: { ...view, question: { kind: 'approve-scopes' as const, since: 0, deadline: 1, scopes } },
  };
  const events: TimelineEvent[] = [{ at: new Date(0), what: 'declined', by: text }];
  const inbox = { events, config: resolveConfig({ env: {}, cwd: '/' }), root: './', now: 0 };
  const open = { id: ref.id, startedAt: new Date(0), ...view } as OpenRequest;
  const bulkRun: ListedBulkRun = {
    ...ref,
    progress: {
      ...{ status: 'paused', connection: { integration: text, connectionId: text }, by: text },
      ...{ done: 1, failed: { [text]: 1 }, unknown: 0, skipped: 0, rate: 0, begunAt: 0 },
    },
  };
  const faceOf = () => ({ name: text });
  const shown: [string, unknown][] = [
    ...[description, plain, approval, ...ends].map((one, i): [string, unknown] => [
      `request ${i}`,
      RequestPage({ ...people, description: one, tooLate: true }),
    ]),
    ['decline', DeclinePage({ ...people, kind: 'approve-scopes' })],
    ...[description, approval, ...ends].map((one, i): [string, unknown] => [
      `detail ${i}`,
      Detail({ description: one, ...inbox }),
    ]),
    ...[undefined, text].map((refusedBy): [string, unknown] => [
      'detail of one that has left a connection in unknown hands',
      Detail({ description: as('declined'), left: { connectionId: text, nonce: text, refusedBy }, ...inbox }),
    ]),
    ...[description, ...ends].map((one, i): [string, unknown] => [
      `headline ${i}`,
      Headline({
        title: ENGLISH_INBOX.detail.title(ENGLISH_INBOX.who.id(text), ENGLISH_INBOX.integration(text)),
        face: { name: text },
        root: './',
        description: one,
        now: 0,
      }),
    ]),
    ['list', List({ requests: [open], all: 1, faceOf, root: './', now: 0 })],
    ['filter', FilterForm({ filter: {}, integrations: [text], root: './' })],
    ['bulk runs', BulkList({ runs: [bulkRun], root: './', now: 0 })],
    ['stop', Confirm({ title: '', what: ENGLISH_INBOX.bulk.confirm.what(text), yes: '', action: './', back: './' })],
    ['frame', Frame({ title: ENGLISH_INBOX.detail.title(text, text), root: './', operator: { name: text } })],
    ['extras', Extras({ extras: [connection as unknown as Connection], here: './' })],
    ['delete', Confirm({ title: '', what: ENGLISH_INBOX.confirm.delete(text), yes: '', action: './', back: './' })],
  ];
  return shown.map(([name, element]) => [name, String(element)]);
}

describe('on pages', () => {
  test('every text of others is isolated, of a name that is plain too', () => {
    for (const [name, html] of pages(TOKEN)) {
      expect([name, besideIsolated(html)]).toEqual([name, expect.not.stringContaining(TOKEN)]);
    }
  });

  test.each(REACHING)('%s is not shown', (_, character) => {
    for (const [name, html] of pages(`${TOKEN}${character}${TOKEN}`)) {
      const text = html.replace(/<[^>]+>/g, '');
      expect([name, text]).toEqual([name, expect.not.stringContaining(`${TOKEN}${character}`)]);
      expect([name, besideIsolated(html)]).toEqual([name, expect.not.stringContaining(TOKEN)]);
    }
  });

  test.each(UNSEEN)('%s stays, isolated', (_, character) => {
    const text = `${TOKEN}${character}${TOKEN}`;
    const all = pages(text);
    expect(all.find(([name]) => name === 'detail 0')?.[1]).toContain(`<bdi>${text}</bdi>`);
    for (const [name, html] of all) {
      expect([name, besideIsolated(html)]).toEqual([name, expect.not.stringContaining(TOKEN)]);
    }
  });
});

describe('at the terminal and in logs', () => {
  const BAD = new RegExp(`[${ALL.map(([, character]) => character).join('')}]`, 'u');

  test.each(ALL)('%s is not written', (_, character) => {
    const text = `a${character}b`;
    const lines: string[] = [];
    const owner = { endUser: { id: text } };
    const notice = { request: { id: 'x', firstExecutionRunId: 'r' }, reason: 'opened', owner, integration: text };
    const question = { kind: 'connect', since: 0, deadline: 1 };
    void lineNotifier((line) => lines.push(line))(
      ...([{ ...notice, question, reminders: 0 }] as unknown as Parameters<ReturnType<typeof lineNotifier>>),
    );
    const shown = { status: 'waiting', integration: text, owner, slot: text, subscribers: 1, reminders: 0, extras: 0 };
    const scopes = { granted: [text], missing: [text] };
    const view = { ...shown, question: { ...question, kind: 'approve-scopes', scopes }, missingScopes: [text] };
    const description = {
      ref: { id: text, firstExecutionRunId: 'r' },
      view,
      startedAt: new Date(0),
    } as RequestDescription;
    const written = [
      ...lines,
      printable(text),
      printableJson(JSON.stringify({ text })),
      loggedPath(`http://x/${encodeURIComponent(text)}`),
      ...descriptionText(description).split('\n'),
      ...factsInFull({ scopes: [text] }),
      ...table(['WHO'], [[text]]).split('\n'),
      ...timelineText([{ at: new Date(0), what: 'declined', by: text }]).split('\n'),
      ...(character === '\n' ? [] : [printableLines(text)]),
    ];
    expect(lines).toHaveLength(1);
    for (const line of written) expect(line).not.toMatch(BAD);
  });

  test('JSON for programs loses nothing', () => {
    const value = { text: ALL.map(([, character]) => character).join('a') };
    expect(JSON.parse(printableJson(JSON.stringify(value)))).toEqual(value);
  });

  test.each(HARMLESS)('%j is written as it is', (text) => {
    expect(printable(text)).toBe(text);
  });
});
