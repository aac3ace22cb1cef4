import type { Question, RequestView } from '../../src/contract/types';
import { StatusBadge } from '../../src/web/inbox/badge';
import { groupOf, shownStatusOf } from '../../src/web/inbox/shown-status';
import type { ShownStatus } from '../../src/web/inbox/shown-status';
import { ENGLISH_INBOX } from '../../src/web/texts/inbox';

const view = (over: Partial<RequestView>): RequestView => ({
  ...{ status: 'waiting', integration: 'hubspot', owner: {}, subscribers: 1, reminders: 0, extras: 0 },
  ...over,
});

const asking = (kind: Question['kind'], over: Partial<Question> = {}): RequestView =>
  view({ question: { kind, since: 0, deadline: 1, ...over } });

const unconfirmed = [{ connectionId: 'c', nonce: 'n.1', since: 0 }];
const refused = unconfirmed.map((one) => ({ ...one, refusedBy: 'Olive' }));
const accountChange = { recorded: 'ann', found: 'bob' };

/** An element's text is its HTML. */
// eslint-disable-next-line @typescript-eslint/no-base-to-string
const htmlOf = (status: ShownStatus): string => String(StatusBadge({ status }));

test.each<[string, RequestView, ShownStatus, string | undefined]>([
  ['a person is to connect', asking('connect'), 'waiting', 'waiting'],
  ['a person is to make a new connection', asking('recreate-connection'), 'waiting', 'waiting'],
  ['several connections fit', asking('choose-connection'), 'operator', 'operator'],
  ['an integration has to request more', asking('update-integration-scopes'), 'operator', 'operator'],
  ['another account was connected', asking('reconnect', { accountChange }), 'operator', 'operator'],
  ['nobody has confirmed', asking('connect', { unconfirmed }), 'unconfirmed', 'unconfirmed'],
  [
    'one is refused, another is not confirmed',
    asking('connect', { unconfirmed: [...refused, ...unconfirmed] }),
    'unconfirmed',
    'unconfirmed',
  ],
  ['what a new link made is refused', asking('connect', { unconfirmed: refused }), 'waiting', 'waiting'],
  ['a reconnect is refused', asking('reconnect', { unconfirmed: refused }), 'refused', 'operator'],
  ['a widening is refused', asking('approve-scopes', { unconfirmed: refused }), 'refused', 'operator'],
  [
    'one is confirmed, and not accepted yet',
    asking('reconnect', { unconfirmed: refused, confirmed: { nonce: 'n.1', by: 'Olive', at: 0 } }),
    'confirmed',
    'checking',
  ],
  ['nothing is asked yet', view({ status: 'checking' }), 'checking', 'checking'],
  ['it has ended', view({ status: 'declined' }), 'declined', undefined],
])('%s', (_, given, shown, group) => {
  expect([shownStatusOf(given), groupOf(given)]).toEqual([shown, group]);
});

test.each(Object.entries(ENGLISH_INBOX.status))(
  '%s has a badge with a shape that is not read and words that are',
  (status, words) => {
    // An element's text is its HTML.
    // eslint-disable-next-line @typescript-eslint/no-base-to-string
    const html = String(StatusBadge({ status: status as ShownStatus }));
    expect(html).toMatch(/<svg [^>]*aria-hidden="true"/);
    expect(html.replace(/<svg.*?<\/svg>/, '').replace(/<[^>]*>/g, '')).toBe(words);
  },
);

test('no two of an open request have the same shape and colour', () => {
  const looks = (['operator', 'refused', 'unconfirmed', 'confirmed', 'waiting', 'checking'] as const).map((status) =>
    htmlOf(status).replace(ENGLISH_INBOX.status[status], ''),
  );
  expect(new Set(looks).size).toBe(6);
});
