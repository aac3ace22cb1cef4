import { setImmediate as turn } from 'node:timers/promises';
import { ActionInputs } from '../../src/activities/action-inputs/action-inputs';
import { InputSchema } from '../../src/activities/action-inputs/input-schema';
import { nangoFailure } from '../../src/contract/errors';
import type { Json } from '../../src/contract/types';
import type { DeployedFunction, JsonSchema } from '../../src/contract/types';
import { failureOf } from '../support/world';

const needsEmail: JsonSchema = { type: 'object', required: ['email'] };
const never = new AbortController().signal;

/** What is deployed, as a list that a test can change; and what the worker did with it. */
class Deployed {
  reads: boolean[] = [];
  reports: string[] = [];
  inputs = new ActionInputs(
    { functionsOf: (integration, fresh, { signal }) => this.read(integration, fresh, signal) },
    (integration, why, action) => this.reports.push(`${integration} ${action}: ${why}`),
  );

  constructor(
    public input: JsonSchema | undefined,
    private readonly end: (list: DeployedFunction[], signal?: AbortSignal) => Promise<DeployedFunction[]> = (list) =>
      Promise.resolve(list),
  ) {}

  check(input: Json, integration = 'hubspot', signal = never): Promise<void> {
    const connection = { integration, connectionId: 'c' };
    return this.inputs.check({ connection, call: { action: 'create', input } }, signal);
  }

  private read(integration: string, fresh: boolean, signal?: AbortSignal): Promise<DeployedFunction[]> {
    this.reads.push(fresh);
    return this.end([{ integration, kind: 'action', name: 'create', enabled: true, input: this.input }], signal);
  }
}

test('a refusal is by what is deployed now', async () => {
  const deployed = new Deployed(needsEmail);
  await deployed.check({ email: 'a' });
  expect(deployed.reads).toEqual([false]);
  expect(await failureOf(deployed.check({}))).toMatchObject({ field: 'call.input.email' });
  expect(deployed.reads).toEqual([false, false, true]);
});

test('ten refusals a minute read it anew, the others go by what is kept', async () => {
  const deployed = new Deployed(needsEmail);
  for (let i = 0; i < 30; i++) await failureOf(deployed.check({}));
  expect(deployed.reads.filter(Boolean)).toHaveLength(10);
});

test('what cannot be read lets calls through, is left alone for a minute, and is said once for each integration', async () => {
  const deployed = new Deployed(needsEmail, () => Promise.reject(nangoFailure('Nango.RateLimited')));
  for (const integration of ['hubspot', 'slack', 'hubspot']) await deployed.check({}, integration);
  expect(deployed.reads).toHaveLength(1);
  expect(deployed.reports).toEqual(['hubspot create: unread', 'slack create: unread']);
});

test('an integration that there is not is looked up once a minute, and keeps no other from being checked', async () => {
  const deployed = new Deployed(needsEmail, (list) =>
    list[0]?.integration === 'gone' ? Promise.reject(nangoFailure('Nango.IntegrationNotFound')) : Promise.resolve(list),
  );
  for (let i = 0; i < 20; i++) await deployed.check({}, 'gone');
  expect(deployed.reads).toHaveLength(1);
  expect(await failureOf(deployed.check({}))).toMatchObject({ field: 'call.input.email' });
  expect(deployed.reports).toEqual([]);
});

test('a list that cannot be read anew refuses nothing', async () => {
  let reads = 0;
  const deployed = new Deployed(needsEmail, (list) =>
    ++reads === 1 ? Promise.resolve(list) : Promise.reject(nangoFailure('Nango.Unavailable')),
  );
  await deployed.check({});
  expect(deployed.reads).toEqual([false, true]);
});

test('a list that does not come is waited for three seconds', async () => {
  const hung = new Deployed(needsEmail, (_, signal) => {
    return new Promise((resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
  });
  await hung.check({});
  await hung.check({});
  expect(hung.reads).toHaveLength(1);
});

test('a call that is cancelled meanwhile says nothing of Nango', async () => {
  const waiting: (() => void)[] = [];
  const deployed = new Deployed(needsEmail, (list, signal) => {
    return new Promise((resolve, reject) => {
      waiting.push(() => resolve(list));
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
    });
  });
  const cancelled = new AbortController();
  const first = deployed.check({}, 'hubspot', cancelled.signal);
  cancelled.abort(new Error('cancelled'));
  await first;
  expect(deployed.reports).toEqual([]);
  const second = deployed.check({ email: 'a' });
  await turn();
  waiting[1]!();
  await second;
  expect(deployed.reads).toHaveLength(2);
});

test('a schema that is none, and none at all, are said once for each integration', async () => {
  const deployed = new Deployed({ type: 'text' });
  await deployed.check({});
  await deployed.check({});
  deployed.input = undefined;
  await deployed.check({});
  expect(deployed.reports).toEqual(['hubspot create: unusable schema', 'hubspot create: no schema']);
});

test('a schema that takes too long is not tried again until the list is read anew', async () => {
  const deployed = new Deployed({ properties: { a: { pattern: '^(a+)+$' } } });
  const slow = { a: `${'a'.repeat(60)}!` };
  const tries = jest.spyOn(InputSchema.prototype, 'misfit');
  for (let i = 0; i < 100; i++) await deployed.check(slow);
  expect(tries).toHaveBeenCalledTimes(1);
  expect(deployed.reports).toEqual(['hubspot create: unusable schema']);
});
