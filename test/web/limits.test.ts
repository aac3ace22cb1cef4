import type { Context } from 'hono';
import { addressOf } from '../../src/web/client-address';
import { RateLimit } from '../../src/web/rate-limit';
import { readBody } from '../../src/web/read-body';
import { within } from '../../src/web/within';

describe('an address', () => {
  const of = (trustedProxies: number, forwarded?: string, remoteAddress?: string): string => {
    const req = { header: (name: string) => (name === 'x-forwarded-for' ? forwarded : undefined) };
    return addressOf(trustedProxies)({ req, env: { incoming: { socket: { remoteAddress } } } } as unknown as Context);
  };

  test.each<[string, string, Parameters<typeof of>]>([
    ['is the socket, when no proxy is trusted', '192.0.2.1', [0, '203.0.113.9', '192.0.2.1']],
    ['is what the one proxy saw', '203.0.113.9', [1, '198.51.100.1, 203.0.113.9', '192.0.2.1']],
    ['is what the outer of two saw', '198.51.100.1', [2, '10.0.0.1, 198.51.100.1, 203.0.113.9', '192.0.2.1']],
    ['is the socket, when fewer proxies were passed than there are', '192.0.2.1', [2, '203.0.113.9', '192.0.2.1']],
    ['is the socket, when a proxy wrote no address', '192.0.2.1', [1, 'unknown', '192.0.2.1']],
    ['has no port', '203.0.113.9', [1, '203.0.113.9:4711']],
    ['of version 4 in version 6 is of version 4', '192.0.2.1', [0, undefined, '::ffff:192.0.2.1']],
    ['of version 4 in version 6, in hex, is of version 4', '192.0.2.1', [0, undefined, '::FFFF:c000:201']],
    ['of version 6 that ends in version 4 is its network', '64:ff9b:0:0::/64', [0, undefined, '64:ff9b::192.0.2.1']],
    ['is no mere number', '192.0.2.1', [1, '3405803785', '192.0.2.1']],
    ['of version 6 is its network', '2001:db8:1:2::/64', [0, undefined, '2001:0DB8:1:2:3:4:5:6']],
    ['of version 6 in short is its network', '2001:db8:0:0::/64', [0, undefined, '2001:db8::1']],
    ['whose zeros end within the network', '2001:db8:0:7::/64', [0, undefined, '2001:db8::7:1:2:3:4']],
    ['of this machine', '0:0:0:0::/64', [0, undefined, '::1']],
    ['of version 6 with a port and brackets', '2001:db8:0:0::/64', [1, '[2001:db8::1]:4711']],
    ['of a link has no zone', 'fe80:0:0:0::/64', [0, undefined, 'fe80::1%eth0']],
    ['that nobody knows is one for all', 'unknown', [0, undefined, undefined]],
  ])('%s', (_, expected, given) => {
    expect(of(...given)).toBe(expected);
  });

  test('without a server is unknown', () => {
    expect(addressOf(0)({ req: {}, env: undefined } as unknown as Context)).toBe('unknown');
  });
});

describe('a rate limit', () => {
  test('counts a minute from the first, by address', () => {
    let now = 1_000;
    const limit = new RateLimit(2, () => now);
    limit.count('a');
    expect(limit.retryAfter('a')).toBeUndefined();
    now += 30_000;
    limit.count('a');
    expect(limit.retryAfter('a')).toBe(30);
    expect(limit.retryAfter('b')).toBeUndefined();
    now += 29_999;
    expect(limit.retryAfter('a')).toBe(1);
    now += 2;
    expect(limit.retryAfter('a')).toBeUndefined();
  });

  test('counts an attempt when it begins, and forgives it in its own minute only', () => {
    let now = 1_000;
    const limit = new RateLimit(2, () => now);
    const [first, second] = [limit.attempt('a'), limit.attempt('a')];
    expect(limit.attempt('a')).toEqual({ retryAfter: 60 });
    first.forgive?.();
    expect(limit.attempt('a')).not.toHaveProperty('retryAfter');
    now += 60_001;
    expect(limit.attempt('a')).not.toHaveProperty('retryAfter');
    second.forgive?.();
    expect(limit.attempt('a')).not.toHaveProperty('retryAfter');
    expect(limit.attempt('a')).toEqual({ retryAfter: 60 });
  });

  test('forgets who was quiet for longest when there are too many', () => {
    const limit = new RateLimit(1, () => 1_000);
    for (let i = 0; i < 10_001; i++) limit.count(String(i));
    expect(limit.retryAfter('0')).toBeUndefined();
    expect(limit.retryAfter('1')).toBe(60);
  });
});

describe('a body', () => {
  const request = (body: ReadableStream) => new Request('http://x', { method: 'POST', body, duplex: 'half' });

  test('that does not end is given up', async () => {
    let isCancelled = false;
    const endless = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(10)),
      cancel: () => void (isCancelled = true),
    });
    expect(await readBody(request(endless), 100, 20)).toBe('tooSlow');
    expect(isCancelled).toBe(true);
  });

  test('that grows too large is given up, and what follows is not asked for', async () => {
    let pulled = 0;
    const huge = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(60).fill(++pulled)) });
    expect(await readBody(request(huge), 100, 60_000)).toBe('tooLarge');
    expect(pulled).toBeLessThan(5);
  });

  test('that is absent is empty', async () => {
    expect(await readBody(new Request('http://x', { method: 'POST' }), 100, 60_000)).toEqual(Buffer.alloc(0));
  });
});

describe('a wait', () => {
  test('ends with what comes, or else when its time is up, and does not hear what fails later', async () => {
    expect(await within(60_000, Promise.resolve('came'), 'late')).toBe('came');
    let fail: (error: Error) => void = () => undefined;
    const failing = new Promise<string>((_, reject) => (fail = reject));
    expect(await within(10, failing, 'late')).toBe('late');
    fail(new Error('later'));
    await expect(within(60_000, Promise.reject(new Error('now')), 'late')).rejects.toThrow('now');
  });
});
