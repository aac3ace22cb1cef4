import { nangoFailure } from '../contract/errors';
import { startedActionSchema } from '../contract/schemas/calls';
import type { ActionResultInput, CallResponse, StartedAction, TriggerActionInput } from '../contract/types';
import { isWrite } from '../contract/rules/check-call';
import { pending } from '../contract/pending';
import { readResponse } from './response/read-response';
import { parseJson } from './management-api';
import { classify } from './verdict/classify';
import { classifyActionResult, PENDING } from './verdict/classify-action-result';
import { succeeded } from './verdict/fail';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';
import type { HttpResponse } from './http/outcome';

/**
 * Runs a deployed action and waits for its output. Giving up does not stop it.
 * https://nango.dev/docs/reference/api/action/trigger
 *
 * @param maxBytes as in {@link readResponse}
 * @throws failures of the taxonomy
 */
export async function triggerAction(
  api: NangoApi,
  input: TriggerActionInput,
  bounds: Bounds,
  maxBytes?: number,
): Promise<CallResponse> {
  return readResponse(await trigger(api, input, {}, bounds), input.call.pick, maxBytes).response;
}

/**
 * Starts a deployed action. Nothing can stop it. Nango's own retries are off, since they would carry out a write twice.
 *
 * @returns the id under which its output can be had
 * @throws failures of the taxonomy; Nango.BadResponse if it was started but its id is not known
 */
export async function startAction(api: NangoApi, input: TriggerActionInput, bounds: Bounds): Promise<StartedAction> {
  const response = await trigger(api, input, { 'x-async': 'true', 'x-max-retries': '0' }, bounds);
  const started = startedActionSchema.safeParse(parseJson(response.body));
  if (!started.success) throw nangoFailure('Nango.BadResponse', { status: response.status });
  return started.data;
}

/**
 * Asks for the output of an async action, once. https://nango.dev/docs/reference/api/action/result
 *
 * @param maxBytes as in {@link readResponse}
 * @throws Nango.OutcomeUnknown with the reason `pending`, retryable, while there is none: Nango says the same of an action
 *   that is running, one that returned null, one whose result was purged, and an id it does not know; failures of the
 *   action as {@link triggerAction} throws them, never retryable; anything else is retryable
 */
export async function getActionResult(
  api: NangoApi,
  input: ActionResultInput,
  bounds: Bounds,
  maxBytes?: number,
): Promise<CallResponse> {
  const { id, pick, idempotent = false } = input;
  const outcome = await api.send({ method: 'GET', path: `/action/${encodeURIComponent(id)}` }, bounds);
  const verdict = classifyActionResult(idempotent, outcome, Date.now());
  if (verdict === PENDING) throw pending({ nonRetryable: false, benign: true });
  return readResponse(succeeded(outcome, verdict, api.keyName), pick, maxBytes).response;
}

async function trigger(
  api: NangoApi,
  { connection, call }: TriggerActionInput,
  headers: Record<string, string>,
  bounds: Bounds,
): Promise<HttpResponse> {
  const traits = { route: 'action', repeatable: !isWrite(call) } as const;
  const outcome = await api.send(
    {
      method: 'POST',
      path: '/action/trigger',
      headers: {
        'provider-config-key': connection.integration,
        'connection-id': connection.connectionId,
        ...headers,
      },
      body: { action_name: call.action, input: call.input },
    },
    traits.repeatable ? bounds : { deadlineMs: bounds.deadlineMs },
  );
  return succeeded(outcome, classify(traits, outcome, Date.now()), api.keyName);
}
