import { createHmac } from 'node:crypto';
import { publicWeb } from '../../src/web/public-web';
import type { PublicWebOptions } from '../../src/web/public-web';
import type { ConnectionRequest } from '../../src/requests/connection-request';
import type { RequestRef } from '../../src/contract/types';
import { DEFAULT_WAIT_MS } from '../../src/contract/limits';
import { eventually } from '../support/eventually';
import type { World } from '../support/world';
import { openRequest, openWorld, pathOf } from './public-stage';
import { Visitor } from './visitor';

// Whoever connects says that it was them, in the browser that has clicked; and everybody who cannot say it.

const ASKED = 'Was it you who connected HubSpot?';
const WAITS = 'Connected, not confirmed';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});

afterEach(() => {
  jest.restoreAllMocks();
});

afterAll(async () => {
  await world?.close();
});

let visitors = 0;

/** A browser of its own, at an address of its own. */
function browser(options: PublicWebOptions = { verifyOwner: true }): Visitor {
  const address = `192.0.2.${++visitors}`;
  return new Visitor(publicWeb(world.client, { config: world.config, ...options }), address);
}

/** The same as who is signed in, by a header. */
const signedIn = (name: string) => ({ 'x-user': name });
const byUser: PublicWebOptions = { authorize: (_, { headers }) => headers.get('x-user') ?? false };
const letIn: PublicWebOptions = { authorize: (_, { headers }) => headers.has('x-user') };

async function asked() {
  const request = await openRequest(world);
  await eventually(async () => ((await request.describe())?.view.status === 'waiting' ? true : undefined));
  return { request, path: pathOf(request.ref) };
}

/** Somebody has clicked, and somebody has connected by the link. */
async function connected(by: Visitor, headers: Record<string, string> = {}, given?: Awaited<ReturnType<typeof asked>>) {
  const { request, path } = given ?? (await asked());
  const pressed = await by.post(path, { do: 'connect' }, headers);
  expect(pressed.status).toBe(303);
  const made = world.nango.complete(pressed.headers.get('location')!, { as: 'ann' });
  await world.client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', ...made });
  const unconfirmed = await eventually(async () => {
    const { question } = (await request.describe())!.view;
    return question?.unconfirmed?.find(({ connectionId }) => connectionId === made.connectionId);
  });
  return { request, path, made, link: unconfirmed.nonce.split('.').at(-1)! };
}

const statusOf = async (request: ConnectionRequest) => (await request.describe())?.view.status;

test('a click leaves a cookie, and whoever comes back with it is asked; a yes hands the connection out', async () => {
  const ann = browser();
  const { request, path, made, link } = await connected(ann);
  expect([...ann.cookies.keys()]).toEqual([expect.stringMatching(/^tn_click_/)]);
  const page = await ann.get(path);
  expect([page.status, page.text]).toEqual([200, expect.stringContaining(ASKED)]);
  expect(await statusOf(request)).toBe('waiting');
  const { status, location } = await ann.post(path, { do: 'confirm', link });
  expect([status, location]).toEqual([303, path]);
  expect(await request.result()).toMatchObject({ connectionId: made.connectionId });
  expect(await request.timeline()).toContainEqual(expect.objectContaining({ by: 'the connect page' }));
  // What is over needs no cookie.
  expect((await ann.get(path)).text).toContain('HubSpot is connected');
  expect(ann.cookies.size).toBe(0);
});

test('a no keeps the request open, and the page says so to everybody', async () => {
  const ann = browser();
  const { request, path, link } = await connected(ann);
  expect((await ann.post(path, { do: 'refuse', link })).status).toBe(303);
  for (const visitor of [ann, browser()]) {
    const { text } = await visitor.get(path);
    expect(text).toContain('Connected by somebody else');
    expect(text).not.toContain(ASKED);
    expect(text).toContain('Connect HubSpot');
  }
  expect(await statusOf(request)).toBe('waiting');
  const again = await connected(ann, {}, { request, path });
  expect((await ann.post(path, { do: 'confirm', link: again.link })).status).toBe(303);
  expect(await request.result()).toMatchObject({ connectionId: again.made.connectionId });
});

test('while what was confirmed is being accepted the page asks for nothing, and says so to everybody', async () => {
  const ann = browser();
  const { request, path, made, link } = await connected(ann);
  world.nango.outage(true);
  try {
    expect((await ann.post(path, { do: 'confirm', link })).status).toBe(303);
    for (const visitor of [ann, browser()]) {
      const { text, html } = await visitor.get(path);
      expect(text).toContain('is almost connected');
      expect(text).not.toContain(ASKED);
      expect(html).not.toContain('<button');
    }
    // Twice the same is once; the opposite comes too late.
    expect((await ann.post(path, { do: 'confirm', link })).status).toBe(303);
    const { status, text } = await ann.post(path, { do: 'refuse', link });
    expect([status, text]).toEqual([409, expect.stringContaining('came too late')]);
  } finally {
    world.nango.outage(false);
  }
  expect(await request.result()).toMatchObject({ connectionId: made.connectionId });
});

test('where it is not wanted a click leaves no cookie, and what it makes counts', async () => {
  const { request, path } = await asked();
  const ann = browser({});
  const { headers } = await ann.post(path, { do: 'connect' });
  expect(ann.cookies.size).toBe(0);
  const made = world.nango.complete(headers.get('location')!, { as: 'ann' });
  await world.client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', ...made });
  expect(await request.result()).toMatchObject({ connectionId: made.connectionId });
});

describe('from a browser that did not make the click', () => {
  /** What it does to its cookies, those of the browser that has clicked. */
  const TAMPERED: [string, (bob: Visitor, of: Visitor) => Promise<void> | void][] = [
    ['without a cookie', () => undefined],
    ['with one of another request', async (bob) => void (await connected(bob))],
    [
      'with that of another request by the name of this one',
      async (bob, of) => {
        const other = browser();
        await connected(other);
        bob.cookies.set([...of.cookies.keys()][0]!, [...other.cookies.values()][0]!);
      },
    ],
    [
      'with a forged one',
      (bob, of) => {
        for (const [name, value] of of.cookies) bob.cookies.set(name, `${value.slice(0, -5)}AAAAA`);
      },
    ],
    [
      'with one of a later end',
      (bob, of) => {
        const until = Date.now() + 2 * DEFAULT_WAIT_MS;
        for (const [name, value] of of.cookies) bob.cookies.set(name, value.replace(/^\d+/, String(until)));
      },
    ],
    ['with one that another key has signed', (bob, of) => signAnew(bob, of, 'x'.repeat(32))],
    [
      'with a click of its own, on another link of the request',
      async (bob, of) => {
        const { path } = lastOf.get(of)!;
        expect((await bob.post(path, { do: 'connect' })).status).toBe(303);
      },
    ],
  ];
  const lastOf = new Map<Visitor, { path: string; ref: RequestRef }>();

  /** The same click, signed as ours are. */
  function signAnew(bob: Visitor, of: Visitor, key: string, end?: number): void {
    const { id, firstExecutionRunId } = lastOf.get(of)!.ref;
    const [[name, value]] = [...of.cookies] as [[string, string]];
    const [until = '', link = ''] = (end === undefined ? value : value.replace(/^\d+/, String(end))).split('.');
    const signed = ['temporal-nango click 1', id, firstExecutionRunId, Number(link), Number(until)];
    const signature = createHmac('sha256', key).update(JSON.stringify([...signed, null]));
    bob.cookies.set(name, [until, link, signature.digest('base64url')].join('.'));
  }

  test('one that our own key has signed anew is good: what the others lack is the key', async () => {
    const [ann, bob] = [browser(), browser()];
    const { request, path, link } = await connected(ann);
    lastOf.set(ann, { path, ref: request.ref });
    signAnew(bob, ann, world.config.linkKeys[0]!);
    expect((await bob.post(path, { do: 'confirm', link })).status).toBe(303);
    await request.result();
  });

  test.each(TAMPERED)('%s nothing is asked, and a yes is refused', async (_, tamper) => {
    const [ann, bob] = [browser(), browser()];
    const { request, path, link } = await connected(ann);
    lastOf.set(ann, { path, ref: request.ref });
    await tamper(bob, ann);
    for (const choice of ['confirm', 'refuse']) {
      const { status, text } = await bob.post(path, { do: choice, link });
      expect([status, text]).toEqual([403, expect.stringContaining('in another browser')]);
    }
    const { text } = await bob.get(path);
    expect(text).toContain(WAITS);
    expect(text).not.toContain(ASKED);
    expect(text).toContain('Connect HubSpot');
    expect(await statusOf(request)).toBe('waiting');
    expect((await request.describe())?.view.question?.unconfirmed).toEqual([
      expect.not.objectContaining({ refusedBy: expect.anything() as unknown }),
    ]);
    await ann.post(path, { do: 'confirm', link });
    await request.result();
  });

  test('one that is over is none', async () => {
    const [ann, bob] = [browser(), browser()];
    const { request, path, link } = await connected(ann);
    lastOf.set(ann, { path, ref: request.ref });
    signAnew(bob, ann, world.config.linkKeys[0]!, Date.now() - 1_000);
    expect((await bob.post(path, { do: 'confirm', link })).status).toBe(403);
    expect(await statusOf(request)).toBe('waiting');
  });
});

describe('two people of one organization', () => {
  test('whose ids are known: neither confirms the other’s, in one browser either', async () => {
    const shared = browser(byUser);
    const { request, path, link } = await connected(shared, signedIn('ann'));
    expect((await shared.get(path, signedIn('bob'))).text).toContain(WAITS);
    expect((await shared.post(path, { do: 'confirm', link }, signedIn('bob'))).status).toBe(403);
    // Nobody is signed in.
    expect((await shared.post(path, { do: 'confirm', link })).status).toBe(403);
    expect(await statusOf(request)).toBe('waiting');
    expect((await shared.get(path, signedIn('ann'))).text).toContain(ASKED);
    expect((await shared.post(path, { do: 'confirm', link }, signedIn('ann'))).status).toBe(303);
    await request.result();
    expect(await request.timeline()).toContainEqual(expect.objectContaining({ by: 'ann' }));
  });

  test('a click of the second in the first’s browser takes the first’s place', async () => {
    const shared = browser(byUser);
    const first = await connected(shared, signedIn('ann'));
    const second = await connected(shared, signedIn('bob'), first);
    const { path } = first;
    expect((await shared.post(path, { do: 'confirm', link: first.link }, signedIn('ann'))).status).toBe(403);
    expect((await shared.post(path, { do: 'confirm', link: first.link }, signedIn('bob'))).status).toBe(403);
    expect((await shared.post(path, { do: 'confirm', link: second.link }, signedIn('bob'))).status).toBe(303);
    expect(await first.request.result()).toMatchObject({ connectionId: second.made.connectionId });
  });

  test('who are let in without an id: in one browser they are one', async () => {
    const [shared, other] = [browser(letIn), browser(letIn)];
    const { request, path, link } = await connected(shared, signedIn('ann'));
    expect((await other.post(path, { do: 'confirm', link }, signedIn('bob'))).status).toBe(403);
    expect((await shared.post(path, { do: 'confirm', link }, signedIn('bob'))).status).toBe(303);
    await request.result();
  });
});

describe('too late', () => {
  test('a yes after the request has closed changes nothing', async () => {
    const ann = browser();
    const { request, path, link } = await connected(ann);
    await request.cancelForAll({ by: 'ops' });
    for (const choice of ['confirm', 'refuse']) {
      const { status, text } = await ann.post(path, { do: choice, link });
      expect([status, text]).toEqual([409, expect.stringContaining('came too late')]);
    }
    expect(await statusOf(request)).toBe('cancelled');
  });

  test('a yes after an operator has said no shows that', async () => {
    const ann = browser();
    const { request, path, link } = await connected(ann);
    const { nonce } = (await request.describe())!.view.question!.unconfirmed![0]!;
    await request.refuseOwner(nonce, { by: 'ops' });
    const { status, text } = await ann.post(path, { do: 'confirm', link });
    expect([status, text]).toEqual([409, expect.stringContaining('Connected by somebody else')]);
    expect(await statusOf(request)).toBe('waiting');
  });

  test('a second yes finds it connected', async () => {
    const ann = browser();
    const { request, path, link } = await connected(ann);
    await ann.post(path, { do: 'confirm', link });
    await request.result();
    const { status, text } = await ann.post(path, { do: 'confirm', link });
    expect([status, text]).toEqual([409, expect.stringContaining('HubSpot is connected')]);
  });
});

test.each([[{}], [{ link: '' }], [{ link: '-1' }], [{ link: '1e3' }], [{ link: '9'.repeat(16) }]])(
  'a yes that names no link is no answer: %j',
  async (form) => {
    const ann = browser();
    const { request, path } = await connected(ann);
    expect((await ann.post(path, { do: 'confirm', ...form })).status).toBe(400);
    expect(await statusOf(request)).toBe('waiting');
  },
);

test('a yes from another site changes nothing', async () => {
  const ann = browser();
  const { request, path, link } = await connected(ann);
  const { status } = await ann.post(path, { do: 'confirm', link }, { 'sec-fetch-site': 'cross-site' });
  expect([status, await statusOf(request)]).toEqual([403, 'waiting']);
});

interface Updated {
  executeUpdate: (name: string, given: { args: [object] }) => Promise<unknown>;
}

test('where a worker of an earlier version would let the connection count at once, no link is made', async () => {
  const { request, path } = await asked();
  const { workflow } = world.client;
  const getHandle = workflow.getHandle.bind(workflow);
  jest.spyOn(workflow, 'getHandle').mockImplementation((...named) => {
    const handle = getHandle(...named);
    const { executeUpdate } = handle as unknown as Updated;
    const forgetful: Updated['executeUpdate'] = (name, { args: [given] }) =>
      executeUpdate(name, { args: [{ ...given, verifyOwner: undefined }] });
    return Object.assign(handle, { executeUpdate: forgetful });
  });
  const links = world.nango.count((sent) => sent.method === 'POST' && sent.path.startsWith('/connect/sessions'));
  const ann = browser();
  const { status, text } = await ann.post(path, { do: 'connect' });
  expect([status, text]).toEqual([503, expect.stringContaining('Something is not set up correctly')]);
  expect(ann.cookies.size).toBe(0);
  expect(world.nango.count((sent) => sent.method === 'POST' && sent.path.startsWith('/connect/sessions'))).toBe(links);
  expect(await statusOf(request)).toBe('waiting');
});

describe('authorize that breaks lets nobody in, and accepts nothing', () => {
  /** For how long it was waited for, in milliseconds. */
  const bounds: unknown[] = [];
  /** What it says from the time on that it breaks. */
  const BREAKS: [string, () => unknown][] = [
    [
      'it throws',
      () => {
        throw new Error('no session store');
      },
    ],
    ['it says nothing that it may', () => undefined],
    ['it names nobody', () => ''],
    [
      'it takes a minute',
      () => {
        const real = setTimeout;
        // The bound is the next timer that is set.
        jest.spyOn(globalThis, 'setTimeout').mockImplementationOnce((act: () => void, ms) => {
          bounds.push(ms);
          return real(act, 1);
        });
        return new Promise(() => undefined);
      },
    ],
  ];

  test.each(BREAKS)('%s', async (how, breaks) => {
    let isBroken = false;
    const authorize = (() => (isBroken ? breaks() : 'ann')) as PublicWebOptions['authorize'];
    const logged = jest.spyOn(console, 'error').mockImplementation();
    const ann = browser({ authorize });
    const { request, path, link } = await connected(ann);
    isBroken = true;
    for (const seen of [
      await ann.get(path),
      await ann.get(`${path}/decline`),
      await ann.post(path, { do: 'connect' }),
      await ann.post(path, { do: 'confirm', link }),
    ]) {
      expect(seen.status).toBe(503);
      expect(seen.text).toContain('This does not work right now');
      expect(seen.text).not.toContain('HubSpot');
    }
    expect(logged).toHaveBeenCalledTimes(4);
    expect(bounds.splice(0)).toEqual(how === 'it takes a minute' ? Array(4).fill(10_000) : []);
    expect(await statusOf(request)).toBe('waiting');
    isBroken = false;
    expect((await ann.post(path, { do: 'confirm', link })).status).toBe(303);
    await request.result();
  });
});
