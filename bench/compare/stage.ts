import { Client, Connection } from '@temporalio/client';
import { startTemporal } from '../../src/dev';
import type { CallSet } from './calls';
import type { Closing } from './closing';
import { startChild } from './ipc/child';
import type { Child } from './ipc/child';
import { CONNECTION_ID, INTEGRATION, SECRET_KEY } from './stand-in/settings';

/** A page of a history with large answers is over gRPC's 4 MB. */
const LARGE = { 'grpc.max_receive_message_length': 64 * 1024 * 1024 };

/** A real Nango to be used in place of the stand-in. */
export interface RealNango {
  url: string;
  secretKey: string;
  connection: CallSet['connection'];
  endpoint: string;
}

/** All that takes part, each in a process of its own: Temporal, the stand-in, and the arms. */
export interface Stage {
  client: Client;
  temporalVersion: string;
  /** nothing where a real Nango is used */
  standIn: Child | undefined;
  connection: CallSet['connection'];
  /** of every call, where a real Nango is used */
  endpoint: string | undefined;
  undici: Child;
  nodeSdk: Child;
  handWritten: Child;
  ours: Child;
  /** one more worker of ours, for whoever stops it */
  anotherOfOurs: () => Promise<Child>;
}

/** Starts it. @param closing closes it */
export async function openStage(closing: Closing, real?: RealNango): Promise<Stage> {
  const start = (file: string, env?: NodeJS.ProcessEnv): Promise<Child> =>
    closing.open(startChild(file, env), (child) => child.stop());

  const temporal = await closing.open(startTemporal(), (server) => server.stop());
  const connection = await closing.open(Connection.connect({ address: temporal.address, channelArgs: LARGE }), (open) =>
    open.close(),
  );
  const { serverVersion } = await connection.workflowService.getSystemInfo({});
  const standIn = real === undefined ? await start(require.resolve('./stand-in/main')) : undefined;
  const env = {
    NANGO_SERVER_URL: real?.url ?? (await standIn?.call<string>('url')),
    NANGO_TOOLBOX_SECRET_KEY: real?.secretKey ?? SECRET_KEY,
    TEMPORAL_ADDRESS: temporal.address,
    // What is set for other programs of this machine is not meant for these.
    TEMPORAL_NANGO_TASK_QUEUE: '',
  };
  const [undici, nodeSdk, handWritten, ours] = await Promise.all([
    start(require.resolve('./processes/undici'), env),
    start(require.resolve('./processes/node-sdk'), env),
    start(require.resolve('./processes/hand-written'), env),
    start(require.resolve('./processes/ours'), env),
  ]);
  return {
    client: new Client({ connection }),
    temporalVersion: serverVersion ?? 'unknown',
    standIn,
    connection: real?.connection ?? { integration: INTEGRATION, connectionId: CONNECTION_ID },
    endpoint: real?.endpoint,
    undici,
    nodeSdk,
    handWritten,
    ours,
    anotherOfOurs: () => start(require.resolve('./processes/ours'), env),
  };
}
