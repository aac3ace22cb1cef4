import { Context } from '@temporalio/activity';
import { actionResultInputSchema, triggerActionInputSchema } from '../contract/schemas/calls';
import { checkCallInput, checkPointers, isWrite } from '../contract/rules/check-call';
import { getActionResult, startAction, triggerAction } from '../nango/actions';
import type { CallResponse, TriggerActionInput } from '../contract/types';
import type { Bounds } from '../nango/http/bounds';
import type { NangoApi } from '../nango/http/http';
import type { Unchecked } from './action-inputs/action-inputs';
import { admitted } from './admission';
import { bounds, maxResponseBytes, refuseSecondWrite } from './context';
import type { ActivityDependencies } from './context';
import { defineActivity } from './define';
import { polling } from './polling';
import { withSuggestions } from './with-suggestions';
import { callingPatiently } from './write-patience';

export const actionActivities = {
  ...defineActivity('nango.triggerAction', triggerActionInputSchema, checkCallInput, runAction),

  ...defineActivity('nango.startAction', triggerActionInputSchema, checkCallInput, (input, dependencies) =>
    run(input, dependencies, startAction),
  ),

  ...defineActivity(
    'nango.getActionResult',
    actionResultInputSchema,
    ({ pick }) => checkPointers(pick, 'pick'),
    (input, dependencies) =>
      polling(getActionResult(dependencies.api, input, bounds(), maxResponseBytes(dependencies))),
  ),
};

/** One run of an action. @param details as of `callProvider` */
export async function runAction(
  input: TriggerActionInput,
  dependencies: ActivityDependencies,
  details?: () => unknown,
): Promise<CallResponse> {
  return await run(input, dependencies, triggerAction, details);
}

async function run<T>(
  input: TriggerActionInput,
  dependencies: ActivityDependencies,
  action: (api: NangoApi, input: TriggerActionInput, bounds: Bounds, maxBytes: number) => Promise<T>,
  details?: () => unknown,
): Promise<T> {
  const write = isWrite(input.call);
  refuseSecondWrite(write);
  const traits = { route: 'action', repeatable: !write } as const;
  const maxBytes = maxResponseBytes(dependencies);
  const call = (bounds: Bounds): Promise<T> => action(dependencies.api, input, bounds, maxBytes);
  const checkedAndAdmitted = async (within: Bounds): Promise<T> => {
    await dependencies.actionInputs?.check(input, Context.current().cancellationSignal);
    return await admitted(dependencies, input.connection, traits, within, call);
  };
  return await withSuggestions(dependencies, input, callingPatiently(write, checkedAndAdmitted, details));
}

const WHY: { [why in Unchecked]: (action: string) => string } = {
  unread: () =>
    'what is deployed could not be read. Either the key lacks environment:functions:list, or Nango could ' +
    'not be reached in time, or its limit was used up',
  'no schema': (action) => `Nango has no schema of the input of ${action}`,
  'unusable schema': (action) =>
    `what Nango has as the schema of the input of ${action} is none, or refers to another document, or takes too long`,
};

/** In the log of the activity that met it first. */
export function warnOfUnchecked(integration: string, why: Unchecked, action: string): void {
  Context.current().log.warn(`Inputs of actions of ${integration} are not checked: ${WHY[why](action)}.`, {
    integration,
    action,
  });
}
