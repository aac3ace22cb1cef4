import type { ProxyCall } from '../../../src/workflow';
import { eventually } from '../eventually';
import { action, call, fanOut } from '../user-workflows';
import { C1, get, KEYED, post, REVOKED } from './setting';
import type { Stage } from './stage';

/** How each call ends; the provider answers by the path. */
const CALLS: [ProxyCall, string][] = [
  [get('/fine'), 'ok'],
  [{ ...get('/rows'), pick: ['/results/0/id'] }, 'ok'],
  [get('/flaky/500'), 'ok'],
  [get('/flaky/429'), 'ok'],
  [get('/flaky/reset'), 'ok'],
  ...[400, 401, 403, 404, 424].map((n): [ProxyCall, string] => [get(`/status/${n}`), 'Nango.ProviderRejected']),
  [get('/html/404'), 'Nango.ProviderRejected'],
  [get('/badjson'), 'Nango.BadResponse'],
  [get('/large'), 'Nango.ResponseTooLarge'],
  [post('/status/404'), 'Nango.ProviderRejected'],
  [post('/status/500'), 'Nango.OutcomeUnknown'],
  [post('/html/502'), 'Nango.OutcomeUnknown'],
  [post('/unreached/500'), 'Nango.OutcomeUnknown'],
  [post('/reset'), 'Nango.OutcomeUnknown'],
  [post('/badjson'), 'Nango.BadResponse'],
  [post('/large'), 'Nango.ResponseTooLarge'],
  [post('/flaky/429'), 'ok'],
  [{ ...post('/flaky/500'), idempotent: true }, 'ok'],
];

export async function calls(stage: Stage): Promise<void> {
  await Promise.all([
    ...CALLS.map(([one, end]) => stage.ends(call, [C1, one], end)),
    stage.ends(call, [KEYED, get('/fine')], 'ok'),
    stage.ends(call, [KEYED, get('/status/404')], 'Nango.ProviderRejected'),
    stage.ends(fanOut, [C1, [get('/fine'), get('/status/404'), { action: 'crashes' }]], 'ok'),
    stage.ends(call, [{ ...C1, connectionId: 'gone' }, get('/fine')], 'Nango.ConnectionNotFound'),
  ]);
}

/** Actions that are waited for. */
export async function actions(stage: Stage): Promise<void> {
  await Promise.all([
    stage.ends(fanOut, [C1, [{ action: 'returns', pick: ['/id'] }]], 'ok'),
    stage.ends(action, [C1, 'refuses', {}], 'Nango.ActionFailed'),
    stage.ends(action, [C1, 'crashes', {}, true], 'Nango.ActionFailed'),
    stage.ends(action, [C1, 'meetsOutage', {}], 'Nango.ActionFailed'),
    stage.ends(action, [C1, 'missing', {}], 'Nango.ActionNotFound'),
  ]);
}

/** A read that is tried again and again, with its last failure beside it; and one that waits for its connection. */
export async function leftPending(stage: Stage): Promise<void> {
  const { workflowId } = await stage.start(call, C1, get('/down'));
  await stage.until(workflowId, ({ lastFailure }) => Boolean(lastFailure));
  const waiting = await stage.start(call, REVOKED, get('/fine'));
  // It has reported the failure, and waits for a verdict.
  await eventually(async () => {
    const events = await stage.world.events(waiting.workflowId);
    return events.includes('timerStarted') ? true : undefined;
  });
}
