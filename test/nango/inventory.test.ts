import { setImmediate as turn } from 'node:timers/promises';
import { detailsOf, findNangoFailure } from '../../src/contract/errors';
import type { JsonSchema } from '../../src/contract/types';
import { Inventory } from '../../src/nango/inventory';
import { Kept } from '../../src/nango/kept';
import { namesNear } from '../../src/nango/suggestions';
import { NangoApi } from '../../src/nango/http/http';
import { FakeNango } from '../../src/testing/fake-nango';

const WAITING = {};

/** Reads that end when the test says so; each is numbered. */
function reads() {
  const ends: { resolve: () => void; reject: () => void }[] = [];
  const kept = new Kept(
    () =>
      new Promise<number>((resolve, reject) => {
        const number = ends.length + 1;
        ends.push({ resolve: () => resolve(number), reject: () => reject(new Error(`read ${number}`)) });
      }),
  );
  return { kept, ends };
}

describe('what is kept', () => {
  test('is read once for all who want it at once, and for whoever comes after', async () => {
    const { kept, ends } = reads();
    const all = Promise.all([1, 2, 3].map(() => kept.get(false, WAITING)));
    ends[0]?.resolve();
    expect(await all).toEqual([1, 1, 1]);
    expect(await kept.get(false, WAITING)).toBe(1);
  });

  test('is read anew by who wants it fresh, by a read that had not begun before, and which replaces it', async () => {
    const { kept, ends } = reads();
    const first = kept.get(false, WAITING);
    const fresh = Promise.all([kept.get(true, WAITING), kept.get(true, WAITING)]);
    ends[0]?.resolve();
    await turn();
    ends[1]?.resolve();
    expect(await first).toBe(1);
    expect(await fresh).toEqual([2, 2]);
    expect(await kept.get(false, WAITING)).toBe(2);
    expect(ends).toHaveLength(2);
  });

  test('is nothing that failed, and a fresh read after one that failed is made', async () => {
    const { kept, ends } = reads();
    const first = kept.get(false, WAITING);
    const fresh = kept.get(true, WAITING);
    ends[0]?.reject();
    await expect(first).rejects.toThrow('read 1');
    await turn();
    ends[1]?.resolve();
    expect(await fresh).toBe(2);
  });

  test('is not waited for by who was cancelled, while the others get it', async () => {
    const { kept, ends } = reads();
    const cancelled = new AbortController();
    const one = kept.get(false, { signal: cancelled.signal });
    const other = kept.get(false, { signal: new AbortController().signal });
    cancelled.abort(new Error('cancelled'));
    await expect(one).rejects.toThrow('cancelled');
    ends[0]?.resolve();
    expect(await other).toBe(1);
  });
});

describe('names that may have been meant', () => {
  test.each([
    ['hubspt', ['hubspot', 'slack'], ['hubspot']],
    ['HubSpot', ['hubspot'], ['hubspot']],
    ['hubspot', ['hubspot-prod', 'hubspot-dev', 'x'], ['hubspot-dev', 'hubspot-prod']],
    ['slakc', ['zoom', 'slack'], ['slack']],
    ['x', ['slack'], []],
    ['crm', ['cr', 'crn', 'crm1', 'crm2', 'crm'], ['cr', 'crm1', 'crm2']],
  ])('of %j are %j', (name, names, near) => {
    expect(namesNear(name, names).slice(0, near.length)).toEqual(near);
    expect(namesNear(name, names).length).toBeLessThanOrEqual(3);
  });

  test('are none that could act on who reads them, and none too long', () => {
    expect(namesNear('hubspot', ['hubsp\u001bot', 'hubspot\u202e', 'hubspot\n', `hubspot${'x'.repeat(100)}`])).toEqual(
      [],
    );
    expect(namesNear('h'.repeat(101), ['h'.repeat(100)])).toEqual([]);
  });
});

describe('the inventory of an environment', () => {
  let nango: FakeNango;
  let inventory: Inventory;

  beforeEach(async () => {
    nango = await FakeNango.start();
    nango.addIntegration({ key: 'hubspot', provider: 'hubspot' });
    nango.onAction('hubspot', 'create-contact', () => 1);
    inventory = new Inventory(new NangoApi({ baseUrl: nango.url, secretKey: nango.secretKey }));
  });

  afterEach(() => nango.close());

  test('has an integration that was made since it was read', async () => {
    await inventory.integrations(false, WAITING);
    nango.addIntegration({ key: 'github', provider: 'github' });
    await inventory.requireIntegration('github', WAITING);
    expect(await inventory.functionsOf('github', false, WAITING)).toEqual([]);
  });

  test('tells an integration that has nothing deployed from one that there is not', async () => {
    nango.addIntegration({ key: 'empty', provider: 'github' });
    expect(await inventory.functionsOf('empty', false, WAITING)).toEqual([]);
    const failure = findNangoFailure(await inventory.functionsOf('hubspt', false, WAITING).catch((e: unknown) => e));
    expect(failure?.type).toBe('Nango.IntegrationNotFound');
    expect(failure?.message).toContain('Did you mean hubspot?');
    expect(failure && detailsOf(failure)).toMatchObject({ suggestions: ['hubspot'] });
  });

  test('has what is deployed beside an action whose schema is nested without end, and that without its schema', async () => {
    let input: JsonSchema = { type: 'object' };
    for (let i = 0; i < 2_000; i++) input = { not: input };
    nango.onAction('hubspot', 'hostile', () => 1, { input });
    nango.onAction('hubspot', 'delete-contact', () => 1, { input: { type: 'object' } });
    const deployed = await inventory.functionsOf('hubspot', false, WAITING);
    expect(new Map(deployed.map((one) => [one.name, one.input]))).toEqual(
      new Map([
        ['create-contact', {}],
        ['hostile', undefined],
        ['delete-contact', { type: 'object' }],
      ]),
    );
  });

  test('keeps what is deployed, until it is wanted fresh', async () => {
    expect(await inventory.functionsOf('hubspot', false, WAITING)).toHaveLength(1);
    nango.onAction('hubspot', 'delete-contact', () => 1);
    expect(await inventory.functionsOf('hubspot', false, WAITING)).toHaveLength(1);
    expect(await inventory.functionsOf('hubspot', true, WAITING)).toHaveLength(2);
    expect(await inventory.functionsOf('hubspot', false, WAITING)).toHaveLength(2);
  });
});
