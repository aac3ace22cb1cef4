import { path, wireEndpoint } from '../../src/contract/rules/endpoint';
import { detailsOf, findNangoFailure } from '../../src/contract/errors';
import type { ActionCall, EnsureConnectionInput, EnsureIntegrationInput, ProxyCall } from '../../src/contract/types';
import {
  checkBulkInput,
  checkPage,
  checkPageRead,
  checkPageWaits,
  checkPace,
} from '../../src/contract/rules/check-bulk';
import { checkCall, checkConnectionRef } from '../../src/contract/rules/check-call';
import { checkFailingReport, checkHealthNews } from '../../src/contract/rules/check-health';
import { checkConnection } from '../../src/contract/rules/healing';
import { checkLeaseRequest } from '../../src/contract/rules/check-lease';
import { checkHint, checkJoinForm, checkWatchedLink } from '../../src/contract/rules/check-messages';
import { checkEnsureInput } from '../../src/contract/rules/check-request';
import { checkEnsureIntegrationInput } from '../../src/contract/rules/check-set-up';
import { checkCalls } from '../../src/contract/rules/check-fan-out';

// Every refusal is typed, names the field and never says its value, which may be a secret put in the wrong place.

const SECRET = 'do-not-say-this';
const NOW = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

function refusalOf(act: () => unknown): { field?: string; message: string } {
  try {
    act();
  } catch (error) {
    const failure = findNangoFailure(error);
    expect(failure?.type).toBe('Nango.InvalidRequest');
    expect(failure?.nonRetryable).toBe(true);
    expect(failure?.message).not.toContain(SECRET);
    return { field: failure && detailsOf(failure).field, message: failure?.message ?? '' };
  }
  throw new Error('was not refused');
}

const hubspot: EnsureConnectionInput = { integration: 'hubspot', endUser: { id: 'u_42' } };
const long = SECRET.repeat(20);

test.each<[string, unknown, string]>([
  ['an empty integration', { ...hubspot, integration: '' }, 'integration'],
  ['an integration that is no text', { ...hubspot, integration: 7 }, 'integration'],
  ['an empty end user', { ...hubspot, endUser: { id: '' } }, 'endUser.id'],
  ['an over-long end user', { ...hubspot, endUser: { id: long } }, 'endUser.id'],
  ['an end user with a control character', { ...hubspot, endUser: { id: `${SECRET}\u0000` } }, 'endUser.id'],
  ['an end user that is not Unicode', { ...hubspot, endUser: { id: `${SECRET}\ud800` } }, 'endUser.id'],
  ['an over-long organization', { ...hubspot, organization: { id: long } }, 'organization.id'],
  ['an empty slot', { ...hubspot, slot: '' }, 'slot'],
  ['a tag of ours', { ...hubspot, tags: { end_user_id: SECRET } }, 'tags.end_user_id'],
  ['a tag of ours in capitals', { ...hubspot, tags: { TN_Nonce: SECRET } }, 'tags.tn_nonce'],
  ['a tag that may become ours', { ...hubspot, tags: { tn_later: SECRET } }, 'tags.tn_later'],
  ['the same tag in two spellings', { ...hubspot, tags: { team: SECRET, Team: SECRET } }, 'tags.team'],
  ['an empty tag value', { ...hubspot, tags: { team: '' } }, 'tags.team'],
  ['an over-long tag value', { ...hubspot, tags: { team: long } }, 'tags.team'],
  ['a tag key that Nango refuses', { ...hubspot, tags: { '1st': SECRET } }, 'tags'],
  ['more tags than fit', { ...hubspot, tags: Object.fromEntries([...'abcdefgh'].map((k) => [k, SECRET])) }, 'tags'],
  ['a deadline that is no number', { ...hubspot, deadline: Number.NaN }, 'deadline'],
  ['a deadline for ever', { ...hubspot, deadline: Infinity }, 'deadline'],
  ['a deadline in the past', { ...hubspot, deadline: NOW - 1 }, 'deadline'],
  ['a deadline in two years', { ...hubspot, deadline: NOW + 730 * DAY }, 'deadline'],
  ['a list of scopes in one', { ...hubspot, scopes: ['read,write'] }, 'scopes'],
  ['nothing', null, 'input'],
  ['a text', SECRET, 'input'],
  ['scopes that are no list', { ...hubspot, scopes: SECRET }, 'scopes'],
  ['scopes that are no texts', { ...hubspot, scopes: [5] }, 'scopes'],
  ['an over-long scope', { ...hubspot, scopes: [long.replaceAll('-', '.')] }, 'scopes'],
  ['more scopes than fit', { ...hubspot, scopes: Array.from({ length: 101 }, (_, i) => `s${i}`) }, 'scopes'],
  ['an end user that is a text', { ...hubspot, endUser: SECRET }, 'endUser'],
  ['an end user that is nothing', { ...hubspot, endUser: null }, 'endUser'],
  ['an end user with more than it has', { ...hubspot, endUser: { id: 'u', phone: SECRET } }, 'endUser'],
  ['an integration that ends with a space', { ...hubspot, integration: `${SECRET} ` }, 'integration'],
  ['tags that are a list', { ...hubspot, tags: [SECRET] }, 'tags'],
  ['a tag that is no text', { ...hubspot, tags: { team: [SECRET] } }, 'tags.team'],
  ['a connection to connect anew that begins with a space', { ...hubspot, reconnect: ` ${SECRET}` }, 'reconnect'],
  ['an identity that is nothing', { ...hubspot, identity: null }, 'identity'],
  [
    'an over-long pointer',
    { ...hubspot, identity: { endpoint: '/me', pointer: `/${'p'.repeat(1_024)}` } },
    'identity.pointer',
  ],
  ['a flag that is a text', { ...hubspot, readsOnAccountChange: SECRET }, 'readsOnAccountChange'],
  ['a choice that is a text', { ...hubspot, choose: SECRET }, 'choose'],
  ['a choice of more than tags', { ...hubspot, choose: { tag: { team: 'red' }, id: SECRET } }, 'choose'],
  ['a choice by tags that are a list', { ...hubspot, choose: { tag: [SECRET] } }, 'choose.tag'],
  ['a choice of what is named', { ...hubspot, choose: { tag: { team: 'red' } }, reconnect: 'c' }, 'choose'],
  ['a choice by no tag', { ...hubspot, choose: { tag: {} } }, 'choose.tag'],
  ['a choice by a tag that is no text', { ...hubspot, choose: { tag: { team: [SECRET] } } }, 'choose.tag'],
  ['a choice by a key that no tag has', { ...hubspot, choose: { tag: { [`${SECRET} `]: 'x' } } }, 'choose.tag'],
  ['a choice by a tag that is given twice', { ...hubspot, choose: { tag: { team: 'a', Team: 'b' } } }, 'choose.tag'],
  [
    'a choice by eleven tags',
    { ...hubspot, choose: { tag: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`t${i}`, 'x'])) } },
    'choose.tag',
  ],
  ['what comes of several in other words', { ...hubspot, several: SECRET }, 'several'],
  ['ignoreCoolDown that is a text', { ...hubspot, ignoreCoolDown: SECRET }, 'ignoreCoolDown'],
  ['a queue that is a number', { ...hubspot, taskQueue: 5 }, 'taskQueue'],
  ['a provider with a slash', { ...hubspot, provider: `a/${SECRET}` }, 'provider'],
  ['a provider that is nothing', { ...hubspot, provider: null }, 'provider'],
  ['an app of Nango’s for no provider', { ...hubspot, allowNangoApp: true }, 'allowNangoApp'],
  ['an app of Nango’s that is a text', { ...hubspot, provider: 'hubspot', allowNangoApp: SECRET }, 'allowNangoApp'],
  ['an over-long queue', { ...hubspot, taskQueue: SECRET.repeat(100) }, 'taskQueue'],
])('%s is refused before any I/O', (_, input, field) => {
  expect(refusalOf(() => checkEnsureInput(input as EnsureConnectionInput, NOW)).field).toBe(field);
});

test.each<[string, string]>([
  ['absolute', `https://evil.example/${SECRET}`],
  ['absolute in capitals', `HTTPS://evil.example/${SECRET}`],
  ['absolute below /', `/https://evil.example/${SECRET}`],
  ['encoded absolute', `/https%3A%2F%2Fevil.example/${SECRET}`],
  ['without a leading /', SECRET],
  ['protocol-relative', `//evil.example/${SECRET}`],
  ['with // inside', `/a//${SECRET}`],
  ['with an encoded leading //', `/%2F${SECRET}`],
  ['up', `/a/../${SECRET}`],
  ['up and out', `/a/../../connections/${SECRET}`],
  ['up, encoded', `/%2e%2e/${SECRET}`],
  ['up, half encoded', `/%2E./.%2e/${SECRET}`],
  ['up, encoded twice', `/%252e%252e/${SECRET}`],
  ['up, with encoded slashes', `/a%2f..%2f${SECRET}`],
  ['up, with a path parameter', `/a/..;x=1/${SECRET}`],
  ['up at the end', `/${SECRET}/..`],
  ['a dot alone', `/./${SECRET}`],
  ['up with backslashes', `/..\\..\\${SECRET}`],
  ['up with encoded backslashes', `/..%5c${SECRET}`],
  ['a tab inside the dots', `/.\t./.\n./${SECRET}`],
  ['an encoded control character', `/a%00${SECRET}`],
  ['a backslash in the query', `/a?x=\\${SECRET}`],
  ['a fragment', `/a#${SECRET}`],
  ['a stray %', `/100%/${SECRET}`],
  ['escapes that are not UTF-8', `/%c0%ae%c0%ae/${SECRET}`],
  ['half a surrogate pair', `/\ud800${SECRET}`],
])('an endpoint that is %s is refused', (_, endpoint) => {
  expect(refusalOf(() => wireEndpoint(endpoint)).field).toBe('endpoint');
});

test.each<[string, string]>([
  ['/crm/v3/owners/me', '/crm/v3/owners/me'],
  ['/a.b/..c/d..?e=../f', '/a.b/..c/d..?e=../f'],
  ['/sites/https%3A%2F%2Fexample.com%2F/query', '/sites/https%3A%2F%2Fexample.com%2F/query'],
  ['/users?$filter=a eq {b}', '/users?%24filter=a%20eq%20%7Bb%7D'],
  ['/echo/${apiKey}?q=${credentials.apiKey}', '/echo/%24%7BapiKey%7D?q=%24%7Bcredentials.apiKey%7D'],
  ['/ü/%C3%BC?u=https://example.com//x', '/%C3%BC/%C3%BC?u=https://example.com//x'],
])('the endpoint %s goes out as %s', (endpoint, wire) => {
  expect(wireEndpoint(endpoint)).toBe(wire);
});

describe('path`…`', () => {
  test('encodes what is interpolated, so that it stays one segment or one value', () => {
    expect(path`/contacts/${'a/b?c#d'}/x?q=${'1&2=3'}&n=${7}`).toBe('/contacts/a%2Fb%3Fc%23d/x?q=1%262%3D3&n=7');
    expect(path`/odata/${"O'Brien (x)!*"}`).toBe('/odata/O%27Brien%20%28x%29%21%2A');
  });

  test.each(['', '.', '..'])('refuses the id %j, which no encoding makes safe', (id) => {
    expect(refusalOf(() => path`/contacts/${id}`).field).toBe('path');
  });

  test.each(['../..', '%2e%2e', '..\\', './.'])('keeps the id %j in its place', (id) => {
    try {
      expect(path`/contacts/${id}/x`.split('/')).toHaveLength(4);
    } catch (error) {
      expect(findNangoFailure(error)?.type).toBe('Nango.InvalidRequest');
    }
  });

  test('takes dots in the query', () => {
    expect(path`/search?q=${'..'}`).toBe('/search?q=..');
  });
});

test.each<[string, unknown, string]>([
  ['nothing', null, 'input'],
  ['no provider', {}, 'provider'],
  ['an empty provider', { provider: '' }, 'provider'],
  ['an over-long provider', { provider: long }, 'provider'],
  ['a key that Nango does not take', { provider: 'hubspot', integration: `${SECRET}/x` }, 'integration'],
  ['a key that is no text', { provider: 'hubspot', integration: 7 }, 'integration'],
  ['a list of scopes in one', { provider: 'hubspot', scopes: [`${SECRET},b`] }, 'scopes'],
  ['a deadline in the past', { provider: 'hubspot', deadline: NOW - 1 }, 'deadline'],
  ['a deadline that is no number', { provider: 'hubspot', deadline: Number.NaN }, 'deadline'],
  ['a flag that is a text', { provider: 'hubspot', allowNangoApp: SECRET }, 'allowNangoApp'],
  ['ignoreCoolDown that is a text', { provider: 'hubspot', ignoreCoolDown: SECRET }, 'ignoreCoolDown'],
  ['a queue that is a number', { provider: 'hubspot', taskQueue: 5 }, 'taskQueue'],
])('an integration with %s is refused before any I/O', (_, input, field) => {
  expect(refusalOf(() => checkEnsureIntegrationInput(input as EnsureIntegrationInput, NOW)).field).toBe(field);
});

const get: ProxyCall = { method: 'GET', endpoint: '/x' };
const circular: { self?: unknown } = {};
circular.self = circular;

test.each<[string, unknown, string]>([
  ['a body that contains itself', { ...get, method: 'POST', body: circular }, 'call.body'],
  ['a bigint', { ...get, method: 'POST', body: { n: 1n } }, 'call.body'],
  ['a function', { ...get, method: 'POST', body: { f: () => SECRET } }, 'call.body'],
  ['NaN', { ...get, method: 'POST', body: [Number.NaN] }, 'call.body'],
  ['a hole in a list', { ...get, method: 'POST', body: [undefined] }, 'call.body'],
  ['a Date', { ...get, method: 'POST', body: { at: new Date() } }, 'call.body'],
  ['a Map', { ...get, method: 'POST', body: new Map() }, 'call.body'],
  ['a body over 256 KB', { ...get, method: 'POST', body: SECRET.repeat(20_000) }, 'call.body'],
  ['a body with GET', { ...get, body: { a: 1 } }, 'call.body'],
  ['authorization', { ...get, headers: { authorization: SECRET } }, 'call.headers.authorization'],
  ['authorization in capitals', { ...get, headers: { AuthoriZation: SECRET } }, 'call.headers.authorization'],
  ['proxy-authorization', { ...get, headers: { 'Proxy-Authorization': SECRET } }, 'call.headers.proxy-authorization'],
  ['a header with a line break', { ...get, headers: { 'x-a': `a\r\nauthorization: ${SECRET}` } }, 'call.headers.x-a'],
  ['a header name with a colon', { ...get, headers: { 'a: b': SECRET } }, 'call.headers'],
  ['a pointer that is none', { ...get, pick: [SECRET] }, 'call.pick'],
  ['a pointer that is a number', { ...get, pick: [5] }, 'call.pick'],
  ['a pointer that is no list', { ...get, pick: SECRET }, 'call.pick'],
  ['pointers over 64 KB', { ...get, pick: Array.from({ length: 70 }, () => `/${'p'.repeat(1_000)}`) }, 'call.pick'],
  ['another method', { ...get, method: SECRET }, 'call.method'],
  ['a method that is no text', { ...get, method: Symbol(SECRET) }, 'call.method'],
  ['headers that are nothing', { ...get, headers: null }, 'call.headers'],
  ['headers that are a list', { ...get, headers: [SECRET] }, 'call.headers'],
  ['headers over 16 KB', { ...get, headers: { 'x-a': 'x'.repeat(16_382) } }, 'call.headers'],
  ['a header named __proto__', { ...get, headers: JSON.parse(`{"__proto__":"${SECRET}"}`) as unknown }, 'call.headers'],
  ['a flag that is a text', { ...get, idempotent: SECRET }, 'call.idempotent'],
  ['a field that there is not', { ...get, [SECRET]: 1n }, 'call'],
  ['a text as its body', { ...get, method: 'POST', body: SECRET }, 'call.body'],
  ['a number as its body', { ...get, method: 'POST', body: 5 }, 'call.body'],
  ['null as its body', { ...get, method: 'POST', body: null }, 'call.body'],
  [
    'a body with a key that would be lost',
    { ...get, method: 'POST', body: { a: [JSON.parse('{"__proto__":{"b":1}}')] } },
    'call.body',
  ],
  ['an empty action', { action: '' }, 'call.action'],
  ['an input JSON cannot hold', { action: 'a', input: { n: 1n } }, 'call.input'],
])('a call with %s is refused', (_, call, field) => {
  expect(refusalOf(() => checkCall(call as ProxyCall | ActionCall)).field).toBe(field);
});

test.each([null, undefined, SECRET, [], 5])('a connection that is %j is refused', (connection) => {
  expect(refusalOf(() => checkConnectionRef(connection)).field).toBe('connection');
});

test.each(['', '.', '..', ' c', 'c ', 'ü', 5])('a connection whose id is %j is refused', (connectionId) => {
  expect(refusalOf(() => checkConnectionRef({ integration: 'hubspot', connectionId })).field).toBe(
    'connection.connectionId',
  );
});

/** Temporal takes a message of this size. */
const vast = SECRET.repeat(60_000);

test.each<[string, unknown, string]>([
  ['a deadline that is a text', { deadline: SECRET }, 'deadline'],
  ['a vast deadline', { deadline: vast }, 'deadline'],
  ['a subscriber that is a text', { subscriber: SECRET }, 'subscriber'],
  ['a vast subscriber', { subscriber: { workflowId: vast } }, 'subscriber.workflowId'],
  ['scopes that are a text', { scopes: SECRET }, 'scopes'],
  ['a vast scope', { scopes: [vast.replaceAll('-', '.')] }, 'scopes'],
  ['tags that are a text', { tags: SECRET }, 'tags'],
  ['a vast tag', { tags: { team: vast } }, 'tags.team'],
  ['a connection to connect anew that is no text', { reconnect: [SECRET] }, 'reconnect'],
  ['a vast connection to connect anew', { reconnect: vast }, 'reconnect'],
  ['an identity that is a text', { identity: SECRET }, 'identity'],
  ['a vast identity', { identity: { endpoint: '/me', pointer: `/${vast}` } }, 'identity.pointer'],
  ['a flag that is a text', { readsOnAccountChange: SECRET }, 'readsOnAccountChange'],
  ['a vast flag', { readsOnAccountChange: vast }, 'readsOnAccountChange'],
  ['a choice that is a text', { choose: SECRET }, 'choose'],
  ['a choice by a vast tag', { choose: { tag: { team: vast } } }, 'choose.tag'],
  ['what comes of several in other words', { several: vast }, 'several'],
])('a join with %s is refused', (_, wrong, field) => {
  const join = { joinId: 'j', ...(wrong as object) };
  expect(refusalOf(() => checkJoinForm(join)).field).toBe(field);
});

test.each<[string, unknown]>([
  ['of two dots', '..'],
  ['that is empty', ''],
  ['that is no text', [SECRET]],
  ['of 256 characters', 'c'.repeat(256)],
  ['with a control character', `${SECRET}\u0000`],
  ['that is vast', vast],
])('a hint at a connection with an id %s is refused', (_, connectionId) => {
  expect(refusalOf(() => checkHint({ source: 'webhook', connectionId })).field).toBe('connectionId');
});

test.each<[string, unknown]>([
  ['that is missing', undefined],
  ['that is empty', ''],
  ['that is no text', [SECRET]],
  ['of 256 characters', 'n'.repeat(256)],
  ['with a control character', `${SECRET}\u0000`],
  ['that is vast', vast],
])('a link to watch with a nonce %s is refused', (_, nonce) => {
  const link = { requestId: 'nango/default/hubspot/u:u_42', nonce, until: NOW };
  expect(refusalOf(() => checkWatchedLink(link)).field).toBe('nonce');
});

test.each([null, SECRET, 5, {}])('calls that are %j are refused', (calls) => {
  expect(refusalOf(() => checkCalls(calls)).field).toBe('calls');
});

test('a list of calls with a hole is refused', () => {
  expect(refusalOf(() => checkCalls(Object.assign(Array(2), { 0: get }))).field).toBe('calls[1]');
});

test('tags may be named as what every object has', () => {
  const tags = { constructor: 'a', valueof: 'b' };
  expect(checkEnsureInput({ ...hubspot, tags }, NOW).join.tags).toEqual(tags);
});

test('what is good passes: a body of 256 KB, the caller’s own tags, a deadline in a year', () => {
  expect(checkCall({ ...get, method: 'POST', body: { x: 'x'.repeat(262_136) } })).toBe(262_144);
  const { subject, join } = checkEnsureInput({ ...hubspot, tags: { Team: 'a' }, deadline: NOW + 365 * DAY }, NOW);
  expect(subject).toEqual({ integration: 'hubspot', owner: { endUser: { id: 'u_42' } } });
  expect(join).toMatchObject({ tags: { team: 'a' }, deadline: NOW + 365 * DAY });
});

const lease = { holder: 'w_1', want: 1 };
const known = { calls: 1, perMs: 1_000, source: 'nango' };
const facts = { from: 'nango', calls: 1, remaining: 0, resetMs: 1_000 };

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'lease'],
  ['a text', SECRET, 'lease'],
  ['with a field that it does not have', { ...lease, secret: SECRET }, 'lease'],
  ['of nobody', { ...lease, holder: '' }, 'holder'],
  ['of somebody over-long', { ...lease, holder: long }, 'holder'],
  ['for no number', { ...lease, want: SECRET }, 'want'],
  ['for half a call', { ...lease, want: 0.5 }, 'want'],
  ['for fewer than none', { ...lease, want: -1 }, 'want'],
  ['for more than there are', { ...lease, want: 1e9 }, 'want'],
  ['for no claimants', { ...lease, claimants: 0 }, 'claimants'],
  ['that has used fewer than none', { ...lease, used: -1 }, 'used'],
  ['that has used them in the future', { ...lease, usedAgoMs: -1 }, 'usedAgoMs'],
  ['that gives back fewer than none', { ...lease, giveBack: -1 }, 'giveBack'],
  ['that has sent endlessly many', { ...lease, unleased: Infinity }, 'unleased'],
  ['that has sent them at no time', { ...lease, unleasedAgoMs: NaN }, 'unleasedAgoMs'],
  ['with a limit that is a number', { ...lease, known: 7 }, 'known'],
  ['with a limit of nothing', { ...lease, known: { ...known, calls: 0 } }, 'known.calls'],
  ['with a limit in no time', { ...lease, known: { ...known, perMs: 0 } }, 'known.perMs'],
  ['with a limit for ever', { ...lease, known: { ...known, perMs: 1e12 } }, 'known.perMs'],
  ['with a limit by anybody', { ...lease, known: { ...known, source: SECRET } }, 'known.source'],
  ['with facts that are a list', { ...lease, facts: [SECRET] }, 'facts'],
  ['with facts from anybody', { ...lease, facts: { from: SECRET } }, 'facts.from'],
  ['with facts without a limit', { ...lease, facts: { ...facts, calls: 0 } }, 'facts.calls'],
  ['with less than nothing left', { ...lease, facts: { ...facts, remaining: -1 } }, 'facts.remaining'],
  ['with a reset in the past', { ...lease, facts: { ...facts, resetMs: -1 } }, 'facts.resetMs'],
  ['with a window of nothing', { ...lease, facts: { ...facts, windowMs: 0 } }, 'facts.windowMs'],
  ['with a refusal that is a text', { ...lease, facts: { ...facts, refused: SECRET } }, 'facts.refused'],
  ['with a pause for ever', { ...lease, facts: { from: 'provider', pauseMs: Infinity } }, 'facts.pauseMs'],
])('a lease %s is refused', (_, request, field) => {
  expect(refusalOf(() => checkLeaseRequest(request)).field).toBe(field);
});

const place = { activity: 'read', taskQueue: 'user' };
const bulk = { connection: { integration: 'hubspot', connectionId: 'c' }, source: place, sink: 'discard' };

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'input'],
  ['a text', SECRET, 'input'],
  ['one with more than it has', { ...bulk, calls: [SECRET] }, 'input'],
  ['one without a connection', { ...bulk, connection: undefined }, 'connection'],
  ['one without a source', { ...bulk, source: undefined }, 'source'],
  ['a source that is a text', { ...bulk, source: SECRET }, 'source'],
  ['a source with more than it has', { ...bulk, source: { ...place, path: SECRET } }, 'source'],
  ['a source without a name', { ...bulk, source: { ...place, activity: '' } }, 'source.activity'],
  ['a source on no queue', { ...bulk, source: { activity: 'read' } }, 'source.taskQueue'],
  ['an input over 16 KB', { ...bulk, source: { ...place, input: SECRET.repeat(2_000) } }, 'source.input'],
  ['an input that is no JSON', { ...bulk, source: { ...place, input: [undefined] } }, 'source.input'],
  ['a timeout of nothing', { ...bulk, source: { ...place, timeoutMs: 0 } }, 'source.timeoutMs'],
  ['a timeout of a day', { ...bulk, source: { ...place, timeoutMs: DAY } }, 'source.timeoutMs'],
  ['one without a sink', { ...bulk, sink: undefined }, 'sink'],
  ['a sink of another word', { ...bulk, sink: SECRET }, 'sink'],
  ['a sink on no queue', { ...bulk, sink: { activity: 'keep' } }, 'sink.taskQueue'],
  ['no call at a time', { ...bulk, concurrency: 0 }, 'concurrency'],
  ['half a call at a time', { ...bulk, concurrency: 1.5 }, 'concurrency'],
  ['1,001 calls at a time', { ...bulk, concurrency: 1_001 }, 'concurrency'],
])('a bulk run of %s is refused before any I/O', (_, input, field) => {
  expect(refusalOf(() => checkBulkInput(input)).field).toBe(field);
});

test.each<[string, () => void, string]>([
  ['a page that is a list', () => checkPage([SECRET]), 'page'],
  ['a page without calls', () => checkPage({ next: SECRET }), 'page.calls'],
  ['a page of 20,001 places', () => checkPage({ calls: Array.from({ length: 20_001 }) }), 'page.calls'],
  ['a page with a cursor over 16 KB', () => checkPage({ calls: [], next: SECRET.repeat(2_000) }), 'page.next'],
  ['a page with a total that is a text', () => checkPage({ calls: [], total: SECRET }), 'page.total'],
  ['a message of a page without a number', () => checkPageRead({ count: 1 }), 'page'],
  ['a message of a page with half a count', () => checkPageRead({ page: 1, count: 0.5 }), 'count'],
  ['a message of a page that waits for nothing', () => checkPageWaits({ page: 1, for: SECRET }), 'for'],
  ['a pace of another word', () => checkPace(SECRET), 'pace'],
])('%s is refused', (_, check, field) => {
  expect(refusalOf(check).field).toBe(field);
});

const ref = { integration: 'hubspot', connectionId: 'c-1' };
const failing = { connectionId: 'c-1', sign: 'refresh', tried: true };
const heal = { owner: {}, waitMs: DAY };

test.each<[string, () => void, string]>([
  ['a report of no connection', () => checkFailingReport({ ...failing, connectionId: '..' }), 'connectionId'],
  ['a report of no sign', () => checkFailingReport({ ...failing, sign: SECRET }), 'sign'],
  ['a report that is not sure', () => checkFailingReport({ ...failing, tried: SECRET }), 'tried'],
  [
    'a waiter that is no workflow',
    () => checkFailingReport({ ...failing, waiter: { waitId: 'w' } }),
    'waiter.workflowId',
  ],
  ['a verdict that there is not', () => checkHealthNews({ waitId: 'w', verdict: SECRET }), 'verdict'],
  ['a connection that heals for nobody', () => checkConnection({ ...ref, heal: { waitMs: 1 } }), 'owner'],
  [
    'one that heals for ever',
    () => checkConnection({ ...ref, heal: { ...heal, waitMs: Infinity } }),
    'connection.heal.waitMs',
  ],
  [
    'one that heals in no time',
    () => checkConnection({ ...ref, heal: { ...heal, waitMs: 0 } }),
    'connection.heal.waitMs',
  ],
  [
    'one that heals for scopes that are none',
    () => checkConnection({ ...ref, heal: { ...heal, scopes: ['a b'] } }),
    'scopes',
  ],
  [
    'one that heals in its own way',
    () => checkConnection({ ...ref, heal: { ...heal, how: SECRET } }),
    'connection.heal',
  ],
  ['a wish to heal that is no flag', () => checkEnsureInput({ ...hubspot, heal: SECRET as never }, NOW), 'heal'],
])('%s is refused', (_, act, field) => {
  expect(refusalOf(act).field).toBe(field);
});
