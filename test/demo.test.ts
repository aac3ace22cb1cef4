import type { Report } from '../src/demo/report';
import { digestOf, isComplete } from '../src/demo/report';
import type { Outcome } from '../src/contract/types';
import { demo, DIGEST, reportOf } from './support/demo-process';

// What becomes of a demo whose provider answers differently is in `test/long`.

test('the main job: a wait, a killed worker, a lost webhook, faults, and 203 calls that all succeed', async () => {
  const { code, stdout, stderr } = await demo('--json');
  const report = reportOf(stdout);
  expect(report).toEqual({
    workflowId: expect.stringMatching(/^onboard-/) as string,
    connection: { integration: 'hubspot', connectionId: expect.any(String) as string, provider: 'hubspot' },
    calls: { total: 203, succeeded: 203, failed: 0 },
    digest: DIGEST,
    historyEvents: expect.any(Number) as number,
    faults: { 429: 1, 500: 1, reset: 1, webhooksDropped: 1, workerKills: 1 },
    seconds: expect.any(Number) as number,
  });
  expect(stderr).toContain('session_token=');
  expect(code).toBe(0);
});

test('a fault that did not happen makes the demo incomplete', () => {
  const report = {
    calls: { total: 1, succeeded: 1, failed: 0 },
    faults: { 429: 1, 500: 1, reset: 0, webhooksDropped: 1, workerKills: 1 },
  };
  expect(isComplete(report as Report)).toBe(false);
});

test('the digest depends on outcomes and their order, not on the order of keys', () => {
  const a: Outcome = { ok: true, status: 200, data: { x: 1, y: 2 } };
  const b: Outcome = { ok: false, error: { type: 'Nango.ProviderRejected', status: 404 } };
  expect(digestOf([a, b])).toBe(digestOf([{ data: { y: 2, x: 1 }, status: 200, ok: true }, b]));
  expect(digestOf([a, b])).not.toBe(digestOf([b, a]));
});

test.each([
  [['--nonsense']],
  [['--call', 'GET /x']],
  [['--integration', 'k', '--call', 'GET /../x']],
  [['--integration', 'k', '--call', 'GET /x', '--count', '0']],
])('%j is wrong usage', async (args) => {
  const { code, stderr } = await demo(...args);
  expect(code).toBe(2);
  expect(stderr).toContain('npm run demo');
});
