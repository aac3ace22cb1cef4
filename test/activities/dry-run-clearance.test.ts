import { MockActivityEnvironment } from '@temporalio/testing';
import { deploymentActivities } from '../../src/activities/deployments';
import type { ActivityDependencies } from '../../src/activities/context';
import { STARTER } from '../../src/cli/functions/starter';
import { nangoFailure } from '../../src/contract/errors';
import type { ConnectionNames, StartedJob } from '../../src/contract/types';
import { NangoApi } from '../../src/nango/http/http';
import { replyJson, startRawServer } from '../support/raw-server';
import { failureOf } from '../support/world';

// The calls of a dry run are real: it is cleared as a call is, and once more where it had to wait for its first byte.

const CONNECTION = { integration: 'crm', connectionId: 'c-1' };
const ID = '0198a2b4-0000-4000-8000-000000000000';

/** @param clear what comes of each clearance, in order; the first of them has become too old by the first byte */
async function dryRun(...clear: (() => Promise<void>)[]) {
  const posts: string[] = [];
  const server = await startRawServer(({ line }) => {
    posts.push(line);
    return replyJson(202, { id: ID });
  });
  const api = new NangoApi({ baseUrl: server.baseUrl, secretKey: 'the-key' });
  const asked: ConnectionNames[] = [];
  api.guardedBy({ mayStart: (connection) => asked.push(connection) > 1 });
  const cleared: ConnectionNames[] = [];
  const holds = {
    clear: async (connection: ConnectionNames) => {
      cleared.push(connection);
      await clear[cleared.length - 1]!();
    },
  };
  const activity = deploymentActivities['nango.startDryRun']({ api, holds } as unknown as ActivityDependencies);
  const input = { ...CONNECTION, kind: 'action' as const, code: STARTER, input: { name: 'Ann' } };
  const env = new MockActivityEnvironment({ attempt: 1 });
  const running = env.run<[typeof input], StartedJob, typeof activity>(activity, input);
  const started = await running.catch((error: Error) => failureOf(Promise.reject(error)));
  await api.close();
  await server.close();
  return { started, posts, asked, cleared };
}

test('what has become too old while it waited is read anew, and the dry run is started once', async () => {
  const clean = () => Promise.resolve();
  const { started, posts, asked, cleared } = await dryRun(clean, clean);
  expect(started).toEqual({ id: ID });
  expect(posts).toEqual(['POST /functions/dryruns HTTP/1.1']);
  expect(asked).toEqual([CONNECTION, CONNECTION]);
  expect(cleared).toEqual([CONNECTION, CONNECTION]);
});

test('a connection that has come into unknown hands meanwhile: nothing is started', async () => {
  const { started, posts } = await dryRun(
    () => Promise.resolve(),
    () => Promise.reject(nangoFailure('Nango.OwnerUnconfirmed')),
  );
  expect(started).toMatchObject({ type: 'Nango.OwnerUnconfirmed', didNotRun: true });
  expect(posts).toEqual([]);
});
