import { nangoRetryAfterMs, providerRetryAfterMs } from '../../src/nango/http/rate-limit';

// The clock of the server counts, where the answer says it: ours may be wrong by minutes.

const DATE = 'Thu, 01 Jan 2026 00:00:00 GMT';
const SERVER_S = Date.parse(DATE) / 1000;
const OURS = Date.parse(DATE) + 600_000;
const HOUR = 3_600_000;

const later = (seconds: number): string => new Date((SERVER_S + seconds) * 1000).toUTCString();

describe('of a provider’s 429', () => {
  test.each<[string, Record<string, string>, number]>([
    ['Retry-After in seconds', { 'retry-after': '12' }, 12_000],
    ['Retry-After in seconds with a fraction', { 'retry-after': '1.25' }, 1_250],
    ['Retry-After finer than a millisecond', { 'retry-after': '1.2345' }, 1_235],
    ['Retry-After as a date', { 'retry-after': later(90) }, 90_000],
    ['Retry-After as a date in the past', { 'retry-after': later(-90) }, 1_000],
    ['Retry-After of zero', { 'retry-after': '0' }, 1_000],
    ['Retry-After below zero', { 'retry-after': '-5' }, 1_000],
    ['an absurd Retry-After', { 'retry-after': '99999999999999999999' }, HOUR],
    ['an absurd date', { 'retry-after': later(10 * 365 * 86_400) }, HOUR],
    ['a garbage Retry-After', { 'retry-after': 'soon' }, 1_000],
    ['an empty Retry-After', { 'retry-after': '' }, 1_000],
    ['a reset in epoch seconds', { 'x-ratelimit-reset': String(SERVER_S + 20) }, 20_000],
    ['a reset in epoch milliseconds', { 'x-ratelimit-reset': String((SERVER_S + 20) * 1000) }, 20_000],
    ['a reset in seconds from now', { 'x-ratelimit-reset': '20' }, 20_000],
    ['a reset by its newer name', { 'ratelimit-reset': '20' }, 20_000],
    ['a reset in the past', { 'x-ratelimit-reset': String(SERVER_S - 20) }, 1_000],
    ['an absurd reset', { 'x-ratelimit-reset': '9'.repeat(30) }, HOUR],
    ['a garbage reset', { 'x-ratelimit-reset': 'soon' }, 1_000],
    ['Retry-After and a reset: the former', { 'retry-after': '3', 'x-ratelimit-reset': '50' }, 3_000],
    ['nothing', {}, 1_000],
  ])('%s', (_, headers, waits) => {
    expect(providerRetryAfterMs({ date: DATE, ...headers }, OURS)).toBe(waits);
  });
});

describe('of Nango’s own 429', () => {
  test.each<[string, Record<string, string>, number]>([
    ['Retry-After that is rounded down to zero', { 'retry-after': '0' }, 1_000],
    ['Retry-After in seconds', { 'retry-after': '12' }, 12_000],
    ['the reset, when it is later', { 'retry-after': '0', 'x-ratelimit-reset': String(SERVER_S + 9) }, 9_000],
    ['Retry-After, when it is later', { 'retry-after': '10', 'x-ratelimit-reset': String(SERVER_S + 9) }, 10_000],
    ['the reset alone', { 'x-ratelimit-reset': String(SERVER_S + 9) }, 9_000],
    ['an absurd reset', { 'x-ratelimit-reset': String(SERVER_S + 86_400) }, HOUR],
    ['garbage', { 'retry-after': 'soon', 'x-ratelimit-reset': 'later' }, 1_000],
    ['nothing', {}, 1_000],
  ])('%s', (_, headers, waits) => {
    expect(nangoRetryAfterMs({ date: DATE, ...headers }, OURS)).toBe(waits);
  });
});

describe('without a date in the answer our own clock counts', () => {
  test.each<[string, Record<string, string>]>([
    ['none', {}],
    ['a broken one', { date: 'today' }],
  ])('%s', (_, date) => {
    const headers = { ...date, 'x-ratelimit-reset': String(OURS / 1000 + 30) };
    expect(providerRetryAfterMs(headers, OURS)).toBe(30_000);
    expect(nangoRetryAfterMs(headers, OURS)).toBe(30_000);
  });
});

describe('a reset is', () => {
  const BEFORE = 1e12 - 6_000;
  test.each<[string, string, number]>([
    ['a number of seconds up to 999999999', '999999999', HOUR],
    ['a time in seconds from 1000000000 on', '1000000000', 6_000],
    ['a time in seconds up to 999999999999', '999999999999', HOUR],
    ['a time in milliseconds from 1000000000000 on', '1000000000000', 6_000],
  ])('%s', (_, reset, waits) => {
    expect(providerRetryAfterMs({ 'x-ratelimit-reset': reset }, BEFORE)).toBe(waits);
    expect(nangoRetryAfterMs({ 'x-ratelimit-reset': reset }, BEFORE)).toBe(waits);
  });
});
