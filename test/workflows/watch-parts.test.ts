import { jsonBytes } from '../../src/contract/rules/json';
import { LINK_GRACE_MS, LINK_TTL_MS, MAX_WATCHED_BYTES } from '../../src/contract/limits';
import { renewalTags, withoutRenewal } from '../../src/contract/rules/tags';
import type { SweepResult, WatchedLink } from '../../src/contract/types';
import { SweepPace } from '../../src/workflows/watch/sweep-pace';
import { WatchedLinks } from '../../src/workflows/watch/watched-links';
import { Random } from '../support/random';

// What the watch is made of, without Temporal.

const NOW = 1_800_000_000_000;

function link(nonce: string, given: Partial<WatchedLink> = {}): WatchedLink {
  return { requestId: 'nango/default/hubspot/u:u_1', nonce, until: NOW + LINK_TTL_MS, ...given };
}

describe('the pace of sweeps', () => {
  const swept = (requests: number, more: Partial<SweepResult> = {}): SweepResult => ({
    seen: [],
    requests,
    pages: { made: 0, renewed: 0 },
    limitPerMinute: 200,
    ...more,
  });
  const unavailable = { failure: { type: 'Nango.Unavailable' } };

  test('until the server has said how much it allows, it is taken for a self-hosted one', () => {
    expect(new SweepPace(undefined, 1).pauseMs).toBe(7_500);
    expect(new SweepPace(undefined, 2).pauseMs).toBe(15_000);
  });

  test('a sweep that failed makes the next one later, each time; one that did not makes it as before', () => {
    const pace = new SweepPace(undefined, 2);
    const pauses = Array.from({ length: 7 }, () => {
      pace.swept(swept(1, unavailable));
      return pace.pauseMs;
    });
    expect(pauses).toEqual([10_000, 20_000, 40_000, 80_000, 100_000, 100_000, 100_000]);
    pace.swept(swept(2));
    expect(pace.pauseMs).toBe(15_000);
  });

  test('what Nango asks to wait is waited, and handed on', () => {
    const pace = new SweepPace(undefined, 1);
    pace.swept(swept(1, { failure: { type: 'Nango.RateLimited', retryAfterMs: 1_234_567 } }));
    expect(pace.pauseMs).toBe(1_234_567);
    expect(new SweepPace(pace.carried, 1).pauseMs).toBe(1_234_567);
  });

  test('a sweep that was not heard of again counts as the largest', () => {
    const pace = new SweepPace(undefined, 1);
    pace.swept(undefined);
    expect(pace.pauseMs).toBe(52_500);
  });

  test('slack grows with the age of the newest link, and ends within two minutes', () => {
    const pace = new SweepPace(undefined, 1);
    expect([0, 20_000, 60_000, 3_600_000].map((age) => pace.slackMs(age) + pace.pauseMs)).toEqual([
      7_500, 7_500, 15_000, 100_000,
    ]);
  });

  test.each([200, 2_000])(
    'never more than a twentieth of %i a minute, whatever sweeps cost, fail and begin anew',
    (limit) => {
      const random = new Random(limit);
      let ms = 0;
      let requests = 0;
      for (let watch = 0; watch < 200; watch++) {
        const pace = new SweepPace(undefined, 1);
        for (let n = random.between(1, 6); n > 0; n--) {
          ms += pace.pauseMs;
          const cost = random.between(1, 7);
          requests += cost;
          pace.swept(swept(cost, { limitPerMinute: limit, ...(random.between(0, 3) === 0 ? unavailable : {}) }));
        }
        ms += pace.debtMs;
      }
      expect(requests).toBeLessThanOrEqual((0.05 * limit * ms) / 60_000 + 7);
    },
  );
});

describe('watched links', () => {
  test('thousands fit into what is handed on, and beyond that the oldest go', () => {
    const links = new WatchedLinks();
    const requestId = `nango/default/hubspot/u:${'u'.repeat(40)}`;
    let dropped = 0;
    for (let i = 0; i < 8_000; i++)
      dropped += links.add(link(`01234567-89ab-cdef-0123-456789abcdef.${i}`, { requestId }), NOW);
    const { all } = links;
    expect(all.length).toBeGreaterThan(5_000);
    expect(all.length + dropped).toBe(8_000);
    expect(jsonBytes(all)).toBeLessThanOrEqual(MAX_WATCHED_BYTES + 2);
    expect(jsonBytes(all)).toBeGreaterThan(MAX_WATCHED_BYTES - 300);
    expect(all.at(0)!.nonce).toMatch(new RegExp(`\\.${dropped}$`));
    // What came back from a continue-as-new counts as before.
    const again = new WatchedLinks(all);
    expect(again.add(link('one-more.1', { requestId }), NOW)).toBeGreaterThanOrEqual(0);
    expect(jsonBytes(again.all)).toBeLessThanOrEqual(MAX_WATCHED_BYTES + 2);
  });

  test('none lives for ever, and none keeps a field that is not known', () => {
    const links = new WatchedLinks();
    links.add({ ...link('a.1', { until: 1e300 }), more: 'x'.repeat(1_000) } as WatchedLink, NOW);
    expect(links.all).toEqual([link('a.1', { until: NOW + LINK_TTL_MS + 60_000 })]);
    links.expire(NOW + LINK_TTL_MS + 60_000 + LINK_GRACE_MS);
    expect(links.isEmpty).toBe(true);
  });

  test('those of one request are forgotten by the origin of their nonces, and only those', () => {
    const links = new WatchedLinks([link('a.1'), link('a.2'), link('aa.1'), link('b.1')]);
    links.forget('a');
    expect(links.all.map(({ nonce }) => nonce)).toEqual(['aa.1', 'b.1']);
  });

  test('ask for the lists that they need, and for one that is in no list each time', () => {
    const ref = (connectionId: string) => ({ integration: 'hubspot', connectionId });
    const links = new WatchedLinks([link('a.1'), link('b.1', { until: NOW })]);
    expect(links.wanted()).toEqual({ heads: ['a.1', 'b.1'], madeSince: NOW - LINK_TTL_MS - 60_000, renewed: false });
    const others = new WatchedLinks([
      link('c.1', { renews: true, unlisted: ref('c') }),
      link('d.1', { renews: true, unlisted: ref('d') }),
    ]);
    const wanted = [others.wanted(), others.wanted(), others.wanted()];
    expect(wanted.map(({ unlisted }) => unlisted?.connectionId)).toEqual(['c', 'd', 'c']);
    expect(wanted[0]).toMatchObject({ renewed: false });
    expect(wanted[0]!.madeSince).toBeUndefined();
  });
});

describe('tags of a reconnect', () => {
  const own = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']));
  const OURS = { managed_by: 'temporal-nango', tn_nonce: 'old.1', tn_environment: 'default' };
  const renewed = { managed_by: 'temporal-nango-renewed', tn_nonce: 'n.1' };

  test.each([
    [0, { ...renewed, tn_environment: 'default' }, true],
    [7, { ...renewed, tn_environment: 'default' }, true],
    [8, renewed, true],
    [9, { tn_nonce: 'n.1' }, false],
  ])('with %i of its own', (count, ours, listed) => {
    expect(renewalTags({ ...own(count), ...OURS }, 'n.1')).toEqual({ tags: { ...own(count), ...ours }, listed });
  });

  test('with ten of its own there is no room for a nonce', () => {
    expect(renewalTags(own(10), 'n.1')).toBeUndefined();
  });

  test('the second value of the constant tag is no former one', () => {
    expect(withoutRenewal({ ...own(1), ...renewed })).toEqual({ ...own(1), ...renewed, managed_by: 'temporal-nango' });
    expect(withoutRenewal({ ...own(1), managed_by: 'somebody' })).toEqual({ ...own(1), managed_by: 'somebody' });
  });
});
