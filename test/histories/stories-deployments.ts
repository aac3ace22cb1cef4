import { deploymentId } from '../../src/contract/request-id';
import type { DeployFunctionInput } from '../../src/contract/types';
import type { Deployment } from '../../src/requests/deployments/deployment';
import { FakeJobError } from '../../src/testing';
import { STARTER } from '../../src/cli/functions/starter';
import { eventually } from '../support/eventually';
import { jsonResponse } from '../support/relay';
import type { RelayedResponse } from '../support/relay';
import type { Run, Server, Stage, Story } from './stage';

/** How the recorded deployments of functions come about. */

const GREET = { integration: 'notes', kind: 'action', name: 'greet' } as const;
const ID = deploymentId('default', GREET);

type Deploy = (given?: Partial<DeployFunctionInput>) => Promise<Deployment>;

function deployment(play: (stage: Stage, deploy: Deploy) => Promise<unknown>, on: Server = 'dev'): Story {
  return {
    on,
    async play(stage) {
      const { connections } = stage.world;
      await eventually(async () => ((await connections.workers())?.length === 0 ? undefined : true));
      stage.nango.addProvider({ name: 'notes', authMode: 'API_KEY' });
      stage.nango.addIntegration({ key: 'notes', provider: 'notes' });
      stage.nango.addConnection({ integration: 'notes', connectionId: 'c-1' });
      const own = { ...GREET, code: STARTER, connectionId: 'c-1', input: { name: 'Ann' } };
      const run = await play(stage, (given) => connections.deployFunction({ ...own, ...given }));
      return (run ?? { workflowId: ID }) as Run;
    },
  };
}

/** Until it is at rest in some status. */
async function until(deployed: Deployment, status: string): Promise<void> {
  await eventually(async () => ((await deployed.view()).status === status ? true : undefined));
}

const never = (): Promise<void> => new Promise(() => undefined);

/** The run that is to prove it takes longer than the recording. */
const SLOW_THE_SECOND_TIME = STARTER.replace(
  'return {',
  'if (globalThis.hasRun) await new Promise((done) => setTimeout(done, 5000)); globalThis.hasRun = true; return {',
);

/** What becomes of the responses to so many starts of a dry run. */
function firstDryRuns(count: number, become: () => RelayedResponse): Story['change'] {
  let left = count;
  return (response, { method, url }) =>
    method === 'POST' && url === '/functions/dryruns' && left-- > 0 ? become() : response;
}

export const DEPLOYMENT_STORIES: Record<string, Story> = {
  'deployFunction.compiling': deployment(async (stage, deploy) => {
    stage.nango.functionsOutage(true);
    await deploy();
  }),
  'deployFunction.dryRunning': deployment(async (stage, deploy) => {
    stage.nango.onJob(never);
    await until(await deploy(), 'dryRunning');
  }),
  'deployFunction.waiting': deployment(async (_, deploy) => {
    await until(await deploy(), 'waiting');
  }),
  'deployFunction.deploying': deployment(async (stage, deploy) => {
    stage.nango.onJob(({ kind }) => (kind === 'deployment' ? never() : undefined));
    const deployed = await deploy();
    await until(deployed, 'waiting');
    await deployed.approve({ by: 'olive' });
    const polls = (): number => stage.nango.count(({ path }) => path.startsWith('/functions/deployments/'));
    await eventually(() => Promise.resolve(polls() > 0 || undefined));
  }),
  'deployFunction.running': deployment(async (_, deploy) => {
    await until(await deploy({ approvedBy: 'olive', code: SLOW_THE_SECOND_TIME }), 'running');
  }),
  'deployFunction.deployed': deployment(async (_, deploy) => {
    const deployed = await deploy();
    await until(deployed, 'waiting');
    await deployed.approve({ by: 'olive' });
    await deployed.result();
  }),
  'deployFunction.deployed.joined': deployment(async (_, deploy) => {
    await until(await deploy(), 'waiting');
    await (await deploy({ approvedBy: 'olive' })).result();
  }),
  'deployFunction.deployed.start-lost': {
    ...deployment(async (_, deploy) => void (await (await deploy({ approvedBy: 'olive' })).result())),
    change: (response, { method, url }) => {
      if (method === 'POST' && url === '/functions/deployments') throw new Error('The response is lost');
      return response;
    },
  },
  'deployFunction.deployed.dry-run-lost': {
    ...deployment(async (_, deploy) => void (await (await deploy({ approvedBy: 'olive' })).result())),
    change: firstDryRuns(1, () => {
      throw new Error('The response is lost');
    }),
  },
  'deployFunction.deployed.refused-for-long': {
    ...deployment(async (stage, deploy) => {
      stage.nango.onJob(() => undefined);
      await (await deploy({ approvedBy: 'olive' })).result();
    }, 'timeSkipping'),
    change: firstDryRuns(12, () => {
      const error = { code: 'execution_environment_unavailable', message: 'Not now.' };
      return jsonResponse(503, { error });
    }),
  },
  'deployFunction.deployed.sync': deployment(async (_, deploy) => {
    const code = STARTER.replaceAll('createAction', 'createSync');
    const sync = { kind: 'sync', code, connectionId: undefined, input: undefined, approvedBy: 'olive' } as const;
    await (await deploy(sync)).result();
    return { workflowId: deploymentId('default', { ...GREET, kind: 'sync' }) };
  }),
  'deployFunction.failed': deployment(async (_, deploy) => {
    await (await deploy({ code: 'export default createAction({' })).result().catch(() => undefined);
  }),
  'deployFunction.failed.declined': deployment(async (_, deploy) => {
    const deployed = await deploy();
    await until(deployed, 'waiting');
    await deployed.decline({ by: 'olive' });
    await deployed.result().catch(() => undefined);
  }),
  'deployFunction.failed.dry-run': deployment(async (stage, deploy) => {
    stage.nango.onJob(() => Promise.reject(new FakeJobError('dryrun_error', 'It does not run.')));
    await (await deploy()).result().catch(() => undefined);
  }),
  'deployFunction.failed.timed-out': deployment(async (stage, deploy) => {
    stage.nango.onJob(never);
    await (await deploy()).result().catch(() => undefined);
  }, 'timeSkipping'),
};
