import type { Answer, TriggerActionInput } from '../contract/types';
import { isWrite } from '../contract/check-call';
import { readAnswer } from './answer';
import { classify } from './classify';
import { succeeded } from './fail';
import type { Bounds, NangoApi } from './http';

/**
 * Runs a deployed action and waits for its output. Giving up does not stop it.
 * https://nango.dev/docs/reference/api/action/trigger
 *
 * @throws failures of the taxonomy
 */
export async function triggerAction(
  api: NangoApi,
  { connection, call }: TriggerActionInput,
  bounds: Bounds,
): Promise<Answer> {
  const asked = { route: 'action', repeatable: !isWrite(call) } as const;
  const outcome = await api.send(
    {
      method: 'POST',
      path: '/action/trigger',
      headers: { 'provider-config-key': connection.integration, 'connection-id': connection.connectionId },
      body: { action_name: call.action, input: call.input },
    },
    asked.repeatable ? bounds : { deadlineMs: bounds.deadlineMs },
  );
  return readAnswer(succeeded(outcome, classify(asked, outcome, Date.now())), call.pick);
}
