import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { deploymentId, healthId, holdsId, holdsIdOf, noticeId, requestId } from '../../src/contract/request-id';
import type { Subject } from '../../src/contract/types';

const docs = join(__dirname, '../../docs');

interface Vector {
  environment: string;
  integration: string;
  endUser?: string;
  organization?: string;
  slot?: string;
  requestId: string;
}

function subjectOf({ integration, endUser, organization, slot }: Omit<Vector, 'requestId' | 'environment'>): Subject {
  return {
    integration,
    owner: {
      endUser: endUser === undefined ? undefined : { id: endUser },
      organization: organization === undefined ? undefined : { id: organization },
    },
    slot,
  };
}

const vectors = JSON.parse(readFileSync(join(docs, 'request-id-vectors.json'), 'utf8')) as Vector[];

test.each(vectors)('derives $requestId as published', (vector) => {
  expect(requestId(vector.environment, subjectOf(vector))).toBe(vector.requestId);
});

test('the published vectors are what the Python script computes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vectors-'));
  for (const file of ['request-id-vectors.py', 'request-id-vectors.json'])
    copyFileSync(join(docs, file), join(folder, file));
  execFileSync('python3', [join(folder, 'request-id-vectors.py')]);
  expect(JSON.parse(readFileSync(join(folder, 'request-id-vectors.json'), 'utf8'))).toEqual(vectors);
});

test('different subjects never share an id, and an id says where it ends', () => {
  // Few and awkward characters, so that near collisions are common.
  const part = fc.oneof(
    fc.string({
      unit: fc.constantFrom('a', '/', ':', ',', '-', '%', 'u', 'o', 'h', '.', 'é'),
      minLength: 1,
      maxLength: 4,
    }),
    fc.string({ unit: fc.constantFrom('x', '/'), minLength: 170, maxLength: 180 }),
  );
  const vector = fc.record(
    { environment: part, integration: part, endUser: part, organization: part, slot: part },
    { requiredKeys: ['environment', 'integration'] },
  );
  const seen = new Map<string, string>();
  fc.assert(
    fc.property(vector, (v) => {
      const id = requestId(v.environment, subjectOf(v));
      const subject = JSON.stringify(v, Object.keys(v).sort());
      expect(seen.get(id) ?? subject).toBe(subject);
      seen.set(id, subject);
      expect(id).toMatch(/^nango\/[^/]+\/[^/]+\/(-|h:[0-9a-f]{64}|(o:[^/,]+)?,?(u:[^/,]+)?)(\/[^/]+)?$/);
    }),
    { numRuns: 5_000 },
  );
});

test('the health of an integration, and a notice of it, have an id for each environment and integration', () => {
  expect(healthId('eu/prod', 'hub spot')).toBe('nango-health/eu%2Fprod/hub%20spot');
  expect(noticeId('default', 'hubspot', Date.UTC(2026, 0, 2, 3, 59))).toBe(
    'nango-notice/default/hubspot/2026-01-02T03',
  );
});

test('a request finds what holds connections of its environment by its own id', () => {
  const owner = { endUser: { id: 'u_1' } };
  expect(holdsIdOf(requestId('eu/prod', { integration: 'hubspot', owner }))).toBe(holdsId('eu/prod'));
});

test('the deployment of a function has an id for each environment, integration, kind and name', () => {
  const greet = { integration: 'hub spot', kind: 'action', name: 'greet' } as const;
  expect(deploymentId('eu/prod', greet)).toBe('nango-deploy/eu%2Fprod/hub%20spot/action/greet');
  expect(deploymentId('eu/prod', { ...greet, kind: 'sync' })).toBe('nango-deploy/eu%2Fprod/hub%20spot/sync/greet');
  const long = { ...greet, name: 'g'.repeat(200) };
  expect(deploymentId('default', long)).toMatch(/^nango-deploy\/default\/h:[0-9a-f]{64}$/);
  expect(deploymentId('default', long)).not.toBe(deploymentId('default', { ...long, kind: 'sync' }));
});
