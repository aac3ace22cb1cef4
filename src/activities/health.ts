import { SIGNAL, WORKFLOW } from '../contract/names';
import { connectionKey, healthId } from '../contract/request-id';
import { checkConnectionRef, checkNangoName } from '../contract/rules/check-call';
import { checkReport } from '../contract/rules/check-health';
import { connectionRefSchema } from '../contract/schemas/connections';
import { integrationSchema, outageNoticeSchema, reportFailingInputSchema } from '../contract/schemas/health';
import type {
  ConnectionNames,
  FailingReport,
  HealthReading,
  OutageNotice,
  ReportedFailing,
  ReportFailingInput,
} from '../contract/types';
import { forceRefresh } from '../nango/force-refresh';
import { listConnections } from '../nango/connections';
import { bounds, heartbeating, here, promptly } from './context';
import type { ActivityDependencies } from './context';
import { defineActivity } from './define';
import { inTime } from './notify';

const CONNECTIONS_A_PAGE = 1_000;
/** An application with more connections of an integration is read up to here, newest first. */
const MAX_PAGES = 10;
const MAX_FAILING = 2_000;

export const healthActivities = {
  ...defineActivity('nango.reportFailing', reportFailingInputSchema, checkReportInput, (input, dependencies) =>
    reportFailing(input, dependencies),
  ),

  ...defineActivity(
    'nango.readHealth',
    integrationSchema,
    ({ integration }) => checkNangoName(integration, 'integration'),
    async ({ integration }, dependencies): Promise<HealthReading> => ({
      failing: await listedAsFailing(integration, dependencies),
      working: dependencies.inUse.take(integration),
    }),
  ),

  ...defineActivity('nango.refreshConnection', connectionRefSchema, checkConnectionRef, (connection, { api }) =>
    forceRefresh(api, connection, bounds()),
  ),

  ...defineActivity('nango.notifyOutage', outageNoticeSchema, checkNotice, async (notice, dependencies) => {
    await heartbeating(inTime((signal) => dependencies.operatorNotifier(notice, signal)));
  }),
};

/** Signals it to the health of the integration, which is started if none runs. */
export async function reportFailing(
  { connection, ...report }: ReportFailingInput,
  dependencies: ActivityDependencies,
): Promise<ReportedFailing> {
  const { client, taskQueue, environment } = here(dependencies);
  const { integration, connectionId } = connection;
  const workflowId = healthId(environment, integration);
  const failing: FailingReport = { connectionId, ...report };
  await promptly(() =>
    client.workflow.signalWithStart<HealthWorkflow, [FailingReport]>(WORKFLOW.integrationHealth, {
      workflowId,
      taskQueue,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      args: [{ environment, integration }],
      signal: SIGNAL.failing,
      signalArgs: [failing],
    }),
  );
  return { healthId: workflowId };
}

type HealthWorkflow = (input: { environment: string; integration: string }) => Promise<void>;

/** By the list, which makes Nango refresh nothing. */
async function listedAsFailing(
  integration: ConnectionNames['integration'],
  { api }: ActivityDependencies,
): Promise<string[]> {
  const failing: string[] = [];
  for (let page = 0; page < MAX_PAGES && failing.length < MAX_FAILING; page++) {
    const { connections } = await listConnections(api, { integration, limit: CONNECTIONS_A_PAGE, page }, bounds());
    for (const { health, connectionId } of connections)
      if (health === 'failing') failing.push(connectionKey(connectionId));
    if (connections.length < CONNECTIONS_A_PAGE) break;
  }
  return failing.slice(0, MAX_FAILING);
}

function checkReportInput({ connection, ...report }: ReportFailingInput): void {
  checkConnectionRef(connection);
  checkReport(report);
}

function checkNotice({ integration }: OutageNotice): void {
  checkNangoName(integration, 'integration');
}
