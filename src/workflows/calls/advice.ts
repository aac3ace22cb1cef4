import { getCurrentDetails, log, setCurrentDetails } from '@temporalio/workflow';
import type { CallResponse, ProxiedResponse } from '../../contract/types';
import { runState } from '../run-state';

/**
 * Takes off a response what the worker says of deployed actions, and says it once a run: in the log, and in the current
 * details where the workflow says nothing itself. Neither is a command, so a history replays with it or without.
 */
export function withoutAdvice(integration: string, { deployedActions, ...response }: ProxiedResponse): CallResponse {
  const run = runState();
  if (deployedActions === undefined || run.isAdvised) return response;
  run.isAdvised = true;
  const text =
    `This run makes many proxied calls through ${integration}, which has deployed actions: ` +
    `${deployedActions.join(', ')}. An action carries out several calls as one.`;
  log.info(text, { integration, deployedActions });
  const shown = getCurrentDetails();
  if (shown !== '' && shown !== run.shownDetails) return response;
  run.shownDetails = text;
  setCurrentDetails(text);
  return response;
}
