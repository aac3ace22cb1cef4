import { defaultPayloadConverter } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import { SIGNAL } from '../../../contract/names';
import { requestsQuery } from '../../../requests/list';
import { moment } from '../../terminal/time';
import { ok, warning } from '../check';
import type { Check } from '../check';
import { namespaceCheck } from './namespace';
import { settingsCheck } from './settings';

const LATEST = 20;

/** Whether a webhook has hinted one of the latest requests. Nango cannot be asked what it sends. */
export const webhookArrivedCheck: Check = {
  name: 'webhooks',
  after: [settingsCheck, namespaceCheck],
  async run({ settings, temporal }) {
    const { environment, publicUrl } = settings();
    const { at, requests } = await latestHint(await temporal(), environment);
    if (at !== undefined) return ok(`The latest arrived on ${moment(at)}.`);
    const url = publicUrl === undefined ? '<public address>/webhooks/nango' : `${publicUrl}/webhooks/nango`;
    return warning(
      requests === 0
        ? 'Nobody has been asked yet, so none can have arrived. Until one does: working by polling.'
        : `None has arrived for ${requests === 1 ? 'the latest request' : `the latest ${requests} requests`}. Working by polling.`,
      `In Nango's dashboard, Environment settings → Webhooks, set the URL to ${url}, and switch on the two toggles for new connections (on_auth_creation) and for refresh errors (on_auth_refresh_error).`,
    );
  },
};

async function latestHint(client: Client, environment: string): Promise<{ at?: Date; requests: number }> {
  const { executions = [] } = await client.workflowService.listWorkflowExecutions({
    namespace: client.options.namespace,
    pageSize: LATEST,
    query: requestsQuery(environment),
  });
  const hints = await Promise.all(executions.map(({ execution }) => hintOf(client, execution ?? {})));
  const latest = Math.max(...hints.filter((hint) => hint !== undefined).map(Number));
  return { at: Number.isFinite(latest) ? new Date(latest) : undefined, requests: executions.length };
}

type Execution = { workflowId?: string | null; runId?: string | null };

/** When a request last got a hint from a webhook. */
async function hintOf(client: Client, { workflowId, runId }: Execution): Promise<Date | undefined> {
  const { events } = await client.workflow.getHandle(workflowId ?? '', runId ?? undefined).fetchHistory();
  const hint = events?.findLast(({ workflowExecutionSignaledEventAttributes: signaled }) => {
    const [payload] = signaled?.input?.payloads ?? [];
    return signaled?.signalName === SIGNAL.hint && payload != null && isFromWebhook(payload);
  });
  return hint === undefined ? undefined : new Date(Number(hint.eventTime?.seconds ?? 0) * 1000);
}

/** What a codec of somebody's has encoded cannot be read here. */
function isFromWebhook(payload: Parameters<typeof defaultPayloadConverter.fromPayload>[0]): boolean {
  try {
    return defaultPayloadConverter.fromPayload<{ source?: unknown }>(payload).source === 'webhook';
  } catch {
    return false;
  }
}
