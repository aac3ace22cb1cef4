import { Client, Connection } from '@temporalio/client';
import type { ConnectionOptions } from '@temporalio/client';
import { NangoConnections } from '../../src/client';
import type { NangoErrorDetails } from '../../src/contract/errors';
import type { ProxyCall } from '../../src/contract/types';
import { GRPC } from '../../src/requests/grpc-status';
import { failureOf, World } from '../support/world';

// What Temporal has taken, or ended, and its client never hears of.

const CONNECTION = { integration: 'hubspot', connectionId: 'c-1' };
const POST: ProxyCall = { method: 'POST', endpoint: '/orders', body: { a: 1 } };

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];

let world: World;
let connection: Connection;
/** methods of Temporal's whose answers are lost */
let lost: string[] = [];
/** as what the client sees that */
let as: number = GRPC.UNAVAILABLE;
let client: NangoConnections;

const writes = (endpoint = '/orders') =>
  world.nango.count(({ method, path }) => method === 'POST' && path === `/proxy${endpoint}`);

/** The server has had the request, and done it. */
const losing: Interceptor = (options, nextCall) => {
  const call = nextCall(options) as ReturnType<Interceptor>;
  if (!lost.some((method) => options.method_definition.path.endsWith(`/${method}`))) return call;
  const start = call.start.bind(call);
  call.start = (metadata, listener = {}) =>
    start(metadata, {
      ...listener,
      onReceiveMessage: () => undefined,
      onReceiveStatus: (ended) => listener.onReceiveStatus?.({ ...ended, code: as, details: 'lost on the way' }),
    });
  return call;
};

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  await world.startNangoWorker();
  world.nango.addConnection({ ...CONNECTION, tags: { end_user_id: 'u_1' } });
  connection = await Connection.connect({ address: world.env.address, interceptors: [losing] });
  const { namespace } = world.client.options;
  client = new NangoConnections(new Client({ connection, namespace }), { config: world.config });
});

beforeEach(() => {
  lost = [];
  as = GRPC.UNAVAILABLE;
});

afterAll(async () => {
  await connection.close();
  await world.close();
});

const callId = (failure: NangoErrorDetails | undefined) => failure?.callId ?? '';

test.each([
  ['UNAVAILABLE', 'StartActivityExecution'],
  ['DEADLINE_EXCEEDED', 'StartActivityExecution'],
  ['CANCELLED', 'StartActivityExecution'],
  ['INTERNAL', 'StartActivityExecution'],
  ['RESOURCE_EXHAUSTED', 'StartActivityExecution'],
  ['UNAVAILABLE', 'PollActivityExecution'],
  ['DEADLINE_EXCEEDED', 'PollActivityExecution'],
  ['UNAUTHENTICATED', 'PollActivityExecution'],
] as const)('a write that is lost as %s at %s may have been made, and is one said again', async (code, method) => {
  lost = [method];
  as = GRPC[code];
  const before = writes();
  const failure = await failureOf(client.proxy(CONNECTION, POST));
  expect(failure).toMatchObject({ type: 'Nango.OutcomeUnknown', code });
  lost = [];
  expect(await client.proxy(CONNECTION, POST, { id: callId(failure) })).toMatchObject({ status: 200 });
  expect(writes() - before).toBe(1);
});

test('a write of a given id that was taken, and could not be looked at, may have been made', async () => {
  lost = ['DescribeActivityExecution'];
  const failure = await failureOf(client.call(CONNECTION, POST, { id: 'order-1/a' }));
  expect(failure).toMatchObject({ type: 'Nango.OutcomeUnknown', code: 'UNAVAILABLE', callId: 'order-1/a' });
});

test.each(['PERMISSION_DENIED', 'UNAUTHENTICATED', 'UNIMPLEMENTED'] as const)(
  'a write whose start is refused as %s was not sent',
  async (code) => {
    lost = ['StartActivityExecution'];
    as = GRPC[code];
    expect(await failureOf(client.proxy(CONNECTION, POST))).toMatchObject({ type: 'Nango.TemporalUnavailable', code });
  },
);

test('a write was not sent while Temporal cannot even be asked who works; a read can be made again in any case', async () => {
  lost = ['DescribeTaskQueue'];
  // Of its own, since what the tests before have left to Temporal may still be made.
  const unsent: ProxyCall = { ...POST, endpoint: '/unsent' };
  expect(await failureOf(client.proxy(CONNECTION, unsent))).toMatchObject({ type: 'Nango.TemporalUnavailable' });
  expect(writes('/unsent')).toBe(0);
  lost = ['StartActivityExecution', 'PollActivityExecution'];
  const get = { method: 'GET', endpoint: '/x' } as const;
  expect(await failureOf(client.proxy(CONNECTION, get))).toMatchObject({ type: 'Nango.TemporalUnavailable' });
});
