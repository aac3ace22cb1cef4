import { Hono } from 'hono';
import { jsx } from 'hono/jsx';
import { purposeOf } from '../src/cli/commands/ensure';
import { descriptionText } from '../src/cli/request/request-text';
import type { RequestView } from '../src/contract/types';
import type { RequestDescription } from '../src/requests/description';
import { show } from '../src/web/layout';
import { RequestPage } from '../src/web/public/request-page';

// A memo has room for so many scopes: wherever they are listed it is said that there are more.

const scopes = { granted: [], missing: ['write'], more: { missing: 7 } };

function described(view: Partial<RequestView>): RequestDescription {
  const ref = { id: 'nango/default/hubspot/u:u_42', firstExecutionRunId: 'r' };
  const owner = { endUser: { id: 'u_42' } };
  const rest = { status: 'waiting', integration: 'hubspot', owner, subscribers: 1, reminders: 0, extras: 0 } as const;
  return { ref, startedAt: new Date(0), view: { ...rest, ...view } };
}

async function pageOf(description: RequestDescription): Promise<string> {
  const app = new Hono();
  app.get('/', (c) => show(c, jsx(RequestPage, { root: '../', self: './x', face: { name: 'HubSpot' }, description })));
  return await (await app.request('/')).text();
}

test.each<[string, Partial<RequestView>]>([
  ['to be granted', { question: { kind: 'connect', since: 0, deadline: 1 }, scopes: ['read'], moreScopes: 7 }],
  ['that were not granted', { status: 'cancelled', missingScopes: ['write'], moreMissingScopes: 7, coolDownUntil: 1 }],
])('%s: on the page, and at the terminal', async (_, view) => {
  expect(await pageOf(described(view))).toContain('and 7 more');
  expect(descriptionText(described(view))).toContain('and 7 more');
});

test('what a link is for', () => {
  expect(purposeOf({ kind: 'approve-scopes', since: 0, deadline: 1, scopes })).toContain('(write and 7 more)');
});

test('whoever has connected is not shown what others were refused', async () => {
  const page = await pageOf(described({ status: 'connected', missingScopes: ['write'], coolDownUntil: 1 }));
  expect(page).not.toContain('write');
});
