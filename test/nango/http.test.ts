import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { detailsOf, findNangoFailure } from '../../src/contract/errors';
import { MAX_PAYLOAD_BYTES } from '../../src/contract/limits';
import type { Call, ProxyCall } from '../../src/contract/types';
import { triggerAction } from '../../src/nango/actions';
import { readResponse } from '../../src/nango/response/read-response';
import { MAX_RESPONSE_BYTES, NangoApi } from '../../src/nango/http/http';
import type { HttpResponse } from '../../src/nango/http/outcome';
import { pick } from '../../src/nango/response/pick';
import { proxy } from '../../src/nango/proxy';
import { VERSION } from '../../src/version';
import { reply, replyJson, startRawServer, valuesOf } from '../support/raw-server';
import type { RawRequest, RawServer } from '../support/raw-server';

const connection = { integration: 'hubspot', connectionId: 'c-1' };
const PATIENT = { deadlineMs: 20_000 };
const GET = { method: 'GET', path: '/x' };

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A raw server, and a client that speaks to it below `prefix`. */
async function open(
  respond: (request: RawRequest) => string | undefined,
  prefix = '',
): Promise<{ server: RawServer; api: NangoApi }> {
  const server = await startRawServer(respond);
  closers.push(() => server.close());
  return { server, api: client(server.baseUrl + prefix) };
}

function client(baseUrl: string): NangoApi {
  const api = new NangoApi({ baseUrl, secretKey: 'the-key' });
  closers.push(() => api.close());
  return api;
}

/** Writes to the client as fast as it reads, until it hangs up. */
function flood(socket: Socket, chunk: string): void {
  while (!socket.destroyed && socket.write(chunk));
  if (!socket.destroyed) socket.once('drain', () => flood(socket, chunk));
}

/** @param unsent whether it is known that nothing has left */
const networkError = (code: string, unsent = false) => ({ kind: 'networkError', code, unsent });

describe('a request that is not answered', () => {
  test('ends at its deadline when no headers come', async () => {
    const { api } = await open(() => undefined);
    expect(await api.send(GET, { deadlineMs: 1_000 })).toMatchObject(networkError('DEADLINE'));
  });

  test('ends at its deadline when its body stalls', async () => {
    const { api } = await open(() => 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf');
    expect(await api.send(GET, { deadlineMs: 1_000 })).toMatchObject(networkError('DEADLINE'));
  });

  test('ends at its deadline when its body trickles', async () => {
    const { api } = await open(({ socket }) => {
      const drip = setInterval(() => socket.write('1\r\nx\r\n'), 20);
      socket.on('close', () => clearInterval(drip));
      return 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
    });
    expect(await api.send(GET, { deadlineMs: 2_000 })).toMatchObject(networkError('DEADLINE'));
  });

  test('ends at its deadline when the connection is not made', async () => {
    // Takes the connection and never shakes hands.
    const { server } = await open(() => undefined);
    const api = client(server.baseUrl.replace('http:', 'https:'));
    expect(await api.send(GET, { deadlineMs: 1_000 })).toMatchObject(networkError('DEADLINE', true));
    expect(server.accepted()).toBe(1);
  });

  test('says that the port refuses', async () => {
    const unused = createServer().listen(0, '127.0.0.1');
    await once(unused, 'listening');
    const { port } = unused.address() as AddressInfo;
    unused.close();
    await once(unused, 'close');
    expect(await client(`http://127.0.0.1:${port}`).send(GET, PATIENT)).toMatchObject(
      networkError('ECONNREFUSED', true),
    );
  });

  test('says that the connection was reset within the body', async () => {
    const { api } = await open(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf', () => socket.resetAndDestroy());
      return undefined;
    });
    expect(await api.send(GET, PATIENT)).toMatchObject({
      kind: 'networkError',
      code: expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/) as string,
    });
  });

  test('says that the connection was closed within the body', async () => {
    const { api } = await open(({ socket }) => {
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf');
      return undefined;
    });
    expect(await api.send(GET, PATIENT)).toMatchObject(networkError('UND_ERR_SOCKET'));
  });

  test('says that what answered does not speak HTTP', async () => {
    const { api } = await open(() => 'SSH-2.0-OpenSSH_9.6\r\n\r\n');
    expect(await api.send(GET, PATIENT)).toMatchObject({
      kind: 'networkError',
      code: expect.stringMatching(/^HPE_/) as string,
    });
  });
});

describe('a deadline', () => {
  test.each([1_234.5, 2 ** 31, 365 * 86_400_000, Infinity])('of %s ms is one, and not at once', async (deadlineMs) => {
    const { api } = await open(() => reply(204));
    expect(await api.send(GET, { deadlineMs })).toMatchObject({ status: 204 });
  });

  test.each([0, -1, 0.4])('of %s ms has passed', async (deadlineMs) => {
    const { api } = await open(() => undefined);
    expect(await api.send(GET, { deadlineMs })).toMatchObject({ kind: 'networkError', code: 'DEADLINE' });
  });
});

describe('an answer that is too large', () => {
  test('is not read when it says so, and its connection is torn down', async () => {
    const { api, server } = await open(({ socket }) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${MAX_RESPONSE_BYTES + 1}\r\n\r\n`);
      flood(socket, 'x'.repeat(65_536));
      return undefined;
    });
    expect(await api.send(GET, PATIENT)).toMatchObject({ ...networkError('TOO_LARGE'), status: 200 });
    const { socket } = server.requests[0]!;
    await new Promise<void>((resolve) => (socket.closed ? resolve() : socket.once('close', resolve)));
  });

  test('is not read to its end when it does not', async () => {
    const { api } = await open(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      flood(socket, `10000\r\n${'x'.repeat(65_536)}\r\n`);
      return undefined;
    });
    expect(await api.send(GET, PATIENT)).toMatchObject({ ...networkError('TOO_LARGE'), status: 200 });
  });

  test('says of a write that it was answered, and how', async () => {
    const { api } = await open(({ socket }) => {
      socket.write('HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n');
      flood(socket, `10000\r\n${'x'.repeat(65_536)}\r\n`);
      return undefined;
    });
    const call = { method: 'POST', endpoint: '/x' } as const;
    const failure = findNangoFailure(await proxy(api, { connection, call }, PATIENT).catch((error: unknown) => error));
    expect(failure).toMatchObject({ type: 'Nango.ResponseTooLarge', nonRetryable: true });
    expect(failure && detailsOf(failure)).toEqual({ status: 201, reason: 'not_read' });
    // Nothing of it was read, so that nothing can be picked out of it.
    expect(failure?.message).not.toContain('pick');
    expect(failure?.message).toContain('ask the provider for less');
  });
});

describe('an answer', () => {
  test('has lower-case header names and the last value of a repeated header', async () => {
    const { api } = await open(() => 'HTTP/1.1 418 x\r\nX-One: a\r\nx-one: b\r\nContent-Length: 2\r\n\r\nhi');
    expect(await api.send(GET, PATIENT)).toEqual({
      kind: 'response',
      status: 418,
      headers: { 'x-one': 'b', 'content-length': '2' },
      body: Buffer.from('hi'),
    });
  });

  test('that redirects is handed back, not followed', async () => {
    const { api, server } = await open(() => reply(302, '', { location: '/elsewhere' }));
    expect(await api.send(GET, PATIENT)).toMatchObject({ status: 302, headers: { location: '/elsewhere' } });
    expect(server.requests).toHaveLength(1);
  });

  test('that fails is not asked for again', async () => {
    const { api, server } = await open(() => reply(503, '', { 'retry-after': '0' }));
    expect(await api.send(GET, PATIENT)).toMatchObject({ status: 503 });
    expect(server.requests).toHaveLength(1);
  });
});

/** Of the client, to one server. */
const MAX_CONNECTIONS = 128;

test('a server gets at most 128 connections, and every request gets its turn', async () => {
  const ALL = 200;
  const MOST = MAX_CONNECTIONS;
  let held: RawRequest[] | undefined = [];
  const { api, server } = await open((request) => {
    if (held === undefined) return replyJson(200, {});
    held.push(request);
    return undefined;
  });
  const outcomes = Array.from({ length: ALL }, () => api.send(GET, PATIENT));
  await server.received(MOST);
  // All were asked for at once; only those that hold a connection may be here.
  expect(server.requests).toHaveLength(MOST);
  const first = held;
  held = undefined;
  for (const { socket } of first) socket.write(replyJson(200, {}));
  expect(
    (await Promise.all(outcomes)).every((response) => response.kind === 'response' && response.status === 200),
  ).toBe(true);
  expect(server.requests).toHaveLength(ALL);
  expect(server.accepted()).toBe(MOST);
});

describe('a request that waits for a connection', () => {
  /** A client all of whose connections are taken, until they are answered. */
  async function busy() {
    let held: RawRequest[] | undefined = [];
    const { api, server } = await open((request) => {
      if (held === undefined) return replyJson(200, {});
      held.push(request);
      return undefined;
    });
    const taken = Array.from({ length: MAX_CONNECTIONS }, () => api.send(GET, PATIENT));
    await server.received(taken.length);
    return {
      api,
      /** Lets everybody go on. @returns what has come since, once a last request has come through */
      relieve: async (): Promise<string[]> => {
        const last = api.send({ method: 'GET', path: '/last' }, PATIENT);
        for (const { socket } of held ?? []) socket.write(replyJson(200, {}));
        held = undefined;
        await Promise.all([...taken, last]);
        return server.requests.slice(taken.length).map(({ line }) => line);
      },
    };
  }

  test('ends at its deadline, and a write is known not to have run, since it never leaves', async () => {
    const { api, relieve } = await busy();
    const call = { method: 'POST', endpoint: '/x', body: {} } as const;
    const calling = proxy(api, { connection, call }, { deadlineMs: 1_000 });
    const failure = findNangoFailure(await calling.catch((error: unknown) => error));
    expect(failure).toMatchObject({ type: 'Nango.Unavailable', nonRetryable: true });
    expect(failure && detailsOf(failure)).toEqual({ reason: 'timed_out', didNotRun: true });
    expect(await relieve()).toEqual(['GET /last HTTP/1.1']);
  });

  test('ends when it is aborted', async () => {
    const { api, relieve } = await busy();
    const aborter = new AbortController();
    const reading = api.send(GET, { ...PATIENT, signal: aborter.signal });
    const reason = new Error('shutting down');
    aborter.abort(reason);
    await expect(reading).rejects.toBe(reason);
    expect(await relieve()).toEqual(['GET /last HTTP/1.1']);
  });
});

describe('an abort', () => {
  const REASON = new Error('shutting down');

  test('ends a read and is thrown with its reason', async () => {
    const { api, server } = await open(() => undefined);
    const aborter = new AbortController();
    const reading = api.send(GET, { ...PATIENT, signal: aborter.signal });
    await server.received(1);
    aborter.abort(REASON);
    await expect(reading).rejects.toBe(REASON);
  });

  test('ends a read whose body is on its way', async () => {
    const { api, server } = await open(() => 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf');
    const aborter = new AbortController();
    const reading = api.send(GET, { ...PATIENT, signal: aborter.signal });
    await server.received(1);
    aborter.abort(REASON);
    await expect(reading).rejects.toBe(REASON);
  });

  test('that came before lets nothing out', async () => {
    const { api, server } = await open(() => reply(200));
    await expect(api.send(GET, { ...PATIENT, signal: AbortSignal.abort(REASON) })).rejects.toBe(REASON);
    expect(server.requests).toHaveLength(0);
  });

  test('ends a proxied call that may be repeated', async () => {
    const { api, server } = await open(() => undefined);
    const aborter = new AbortController();
    const call = { method: 'POST', endpoint: '/x', idempotent: true } as const;
    const calling = proxy(api, { connection, call }, { ...PATIENT, signal: aborter.signal });
    await server.received(1);
    aborter.abort(REASON);
    await expect(calling).rejects.toBe(REASON);
  });

  test.each<[string, (api: NangoApi, signal: AbortSignal) => Promise<unknown>]>([
    [
      'a proxied write',
      async (api, signal) => {
        const call = { method: 'POST', endpoint: '/x', body: {} } as const;
        return (await proxy(api, { connection, call }, { ...PATIENT, signal })).response;
      },
    ],
    ['an action', (api, signal) => triggerAction(api, { connection, call: { action: 'a' } }, { ...PATIENT, signal })],
  ])('does not end %s', async (_, call) => {
    const { api, server } = await open(() => undefined);
    const aborter = new AbortController();
    const calling = call(api, aborter.signal);
    await server.received(1);
    aborter.abort(REASON);
    server.requests[0]?.socket.write(replyJson(200, { done: true }));
    expect(await calling).toEqual({ status: 200, data: { done: true } });
  });

  test('does not hide how a write ended, when the connection has to be asked', async () => {
    const aborter = new AbortController();
    const { api } = await open(({ line }) => {
      if (line.startsWith('GET /connections/')) return replyJson(200, { id: 1 });
      aborter.abort(REASON);
      return replyJson(400, { error: { code: 'invalid', message: 'no' } });
    });
    const call = { method: 'POST', endpoint: '/x', body: {} } as const;
    const calling = proxy(api, { connection, call }, { ...PATIENT, signal: aborter.signal });
    await expect(calling).rejects.toMatchObject({ type: 'Nango.ProviderRejected' });
  });
});

describe('a write ends at its deadline', () => {
  test.each<[string, (api: NangoApi) => Promise<unknown>]>([
    [
      'a proxied one',
      (api) => proxy(api, { connection, call: { method: 'POST', endpoint: '/x' } }, { deadlineMs: 1_000 }),
    ],
    ['an action', (api) => triggerAction(api, { connection, call: { action: 'a' } }, { deadlineMs: 1_000 })],
  ])('%s, with an unknown outcome', async (_, call) => {
    const { api } = await open(() => undefined);
    const failure = findNangoFailure(await call(api).catch((error: unknown) => error));
    expect(failure).toMatchObject({ type: 'Nango.OutcomeUnknown', nonRetryable: true });
    expect(failure && detailsOf(failure)).toEqual({ reason: 'timed_out' });
  });
});

describe('what is sent', () => {
  /** The one request that comes of a call. */
  async function sentBy(act: (api: NangoApi) => Promise<unknown>, prefix = ''): Promise<RawRequest | undefined> {
    const { api, server } = await open(() => replyJson(200, {}), prefix);
    await act(api);
    expect(server.requests).toHaveLength(1);
    return server.requests[0];
  }
  type ProxyCall = Extract<Call, { endpoint: string }>;
  const calling = (call: Partial<ProxyCall>, idempotencyKey?: string) =>
    sentBy((api) =>
      proxy(api, { connection, call: { method: 'POST', endpoint: '/x', ...call }, idempotencyKey }, PATIENT),
    );

  test('says who asks, with which key', async () => {
    const request = await sentBy((api) => api.send(GET, PATIENT));
    expect(valuesOf(request, 'authorization')).toEqual(['Bearer the-key']);
    expect(valuesOf(request, 'user-agent')).toEqual([`temporal-nango/${VERSION}`]);
  });

  test('says for which connection, and that Nango shall not retry', async () => {
    const request = await calling({});
    expect(valuesOf(request, 'provider-config-key')).toEqual(['hubspot']);
    expect(valuesOf(request, 'connection-id')).toEqual(['c-1']);
    expect(valuesOf(request, 'retries')).toEqual(['0']);
  });

  test.each(['/nango', '/nango/', '/a/b//'])('goes below the path of the base URL: %s', async (prefix) => {
    const call = { method: 'GET', endpoint: '/x?a=b' } as const;
    const request = await sentBy((api) => proxy(api, { connection, call }, PATIENT), prefix);
    expect(request?.line).toBe(`GET ${prefix.replace(/\/+$/, '')}/proxy/x?a=b HTTP/1.1`);
  });

  test('has a body as JSON', async () => {
    const request = await calling({ body: { name: 'é' } });
    expect(valuesOf(request, 'content-type')).toEqual(['application/json']);
    expect(Buffer.from(request?.body ?? '', 'latin1').toString('utf8')).toBe('{"name":"é"}');
  });

  test.each([null, false, 0, ''])('has the body %j, which is not no body', async (body) => {
    expect((await calling({ body }))?.body).toBe(JSON.stringify(body));
  });

  test('has no content type without a body', async () => {
    expect(valuesOf(await calling({}), 'content-type')).toEqual([]);
  });

  test('has the caller’s headers under the prefix with which Nango hands them on, and only so', async () => {
    const request = await calling({ headers: { 'X-Custom': 'a', retries: '9', 'Connection-Id': 'c-2' } });
    expect(valuesOf(request, 'nango-proxy-x-custom')).toEqual(['a']);
    expect(valuesOf(request, 'x-custom')).toEqual([]);
    expect(valuesOf(request, 'nango-proxy-retries')).toEqual(['9']);
    expect(valuesOf(request, 'retries')).toEqual(['0']);
    expect(valuesOf(request, 'nango-proxy-connection-id')).toEqual(['c-2']);
    expect(valuesOf(request, 'connection-id')).toEqual(['c-1']);
  });

  test('has the idempotency key for the provider', async () => {
    expect(valuesOf(await calling({}, 'key-1'), 'nango-proxy-idempotency-key')).toEqual(['key-1']);
  });

  test('has the caller’s own idempotency key alone, where there is one', async () => {
    const request = await calling({ headers: { 'Idempotency-Key': 'theirs' } }, 'ours');
    expect(valuesOf(request, 'nango-proxy-idempotency-key')).toEqual(['theirs']);
  });

  test('of an action is its name, its input and the connection', async () => {
    const call = { action: 'create-contact', input: { a: 1 } };
    const request = await sentBy((api) => triggerAction(api, { connection, call }, PATIENT));
    expect(request?.line).toBe('POST /action/trigger HTTP/1.1');
    expect(request && JSON.parse(request.body)).toEqual({ action_name: 'create-contact', input: { a: 1 } });
    expect(valuesOf(request, 'provider-config-key')).toEqual(['hubspot']);
    expect(valuesOf(request, 'connection-id')).toEqual(['c-1']);
  });
});

describe('a call that no header can hold', () => {
  test.each<[string, { connectionId?: string; idempotencyKey?: string }]>([
    ['a connection id beyond Latin-1', { connectionId: '日本' }],
    ['an idempotency key with a line break', { idempotencyKey: 'a\r\nb: c' }],
  ])('is refused, neither retried nor of unknown outcome: %s', async (_, { connectionId = 'c-1', idempotencyKey }) => {
    const { api, server } = await open(() => replyJson(200, {}));
    const call = { method: 'POST', endpoint: '/x' } as const;
    const input = { connection: { ...connection, connectionId }, call, idempotencyKey };
    await expect(proxy(api, input, PATIENT)).rejects.toMatchObject({ type: 'Nango.InvalidRequest' });
    expect(server.requests).toHaveLength(0);
  });
});

describe('the doubtful answer of a proxied call', () => {
  test('is settled by reading the connection, once', async () => {
    const { api, server } = await open(({ line }) =>
      line.startsWith('GET /proxy/')
        ? replyJson(400, { error: { code: 'server_error', message: 'Failed to get connection' } })
        : replyJson(404, { error: { code: 'not_found' } }),
    );
    const call = { method: 'GET', endpoint: '/x' } as const;
    const ref = { integration: 'a b&c', connectionId: 'c/1' };
    await expect(proxy(api, { connection: ref, call }, PATIENT)).rejects.toMatchObject({
      type: 'Nango.ConnectionNotFound',
    });
    expect(server.requests.map(({ line }) => line)).toEqual([
      'GET /proxy/x HTTP/1.1',
      'GET /connections/c%2F1?provider_config_key=a%20b%26c HTTP/1.1',
    ]);
  });

  const write = { connection, call: { method: 'POST', endpoint: '/x' } } as const;
  /** A provider that refuses with a code, and what reading the connection says, one after the other. */
  const refusing = (...said: string[]) => {
    let lookups = 0;
    return open(({ line, socket }) => {
      if (line.startsWith('POST')) return replyJson(400, { error: { code: 'taken' } });
      const text = said[Math.min(lookups++, said.length - 1)];
      return text === 'reset' ? void socket.destroy() : text;
    });
  };
  const limited = replyJson(429, { error: { code: 'too_many_request', method: 'GET', path: '/x' } });
  const sound = replyJson(200, { connection_id: 'c-1', errors: [] });

  test.each([
    ['is limited', limited],
    ['fails', replyJson(503, {})],
    ['meets a page of a gateway', reply(502, '<html>', { 'content-type': 'text/html' })],
    ['gets no answer', 'reset'],
  ])('is settled by asking again where the question %s; the write is not sent again', async (_, said) => {
    const { api, server } = await refusing(said, sound);
    await expect(proxy(api, write, PATIENT)).rejects.toMatchObject({ type: 'Nango.ProviderRejected' });
    expect(server.requests.map(({ line }) => line.split(' ')[0])).toEqual(['POST', 'GET', 'GET']);
  });

  test('is asked about as late as Nango asks for, not sooner', async () => {
    const later = replyJson(429, { error: { code: 'too_many_request' } }, { 'retry-after': '30' });
    const { api, server } = await refusing(later, sound);
    const failure = findNangoFailure(await proxy(api, write, { deadlineMs: 5_000 }).catch((error: unknown) => error));
    expect(failure).toMatchObject({ type: 'Nango.OutcomeUnknown', nonRetryable: true });
    expect(server.requests).toHaveLength(2);
  });

  test('of a write is unknown where nothing was said in time; of a read it is tried again', async () => {
    const { api } = await refusing(limited);
    const failureOfCall = async (call: ProxyCall) =>
      findNangoFailure(await proxy(api, { connection, call }, { deadlineMs: 1_500 }).catch((error: unknown) => error));
    const unknown = await failureOfCall(write.call);
    expect(unknown).toMatchObject({ type: 'Nango.OutcomeUnknown', nonRetryable: true });
    expect(unknown && detailsOf(unknown).didNotRun).toBeUndefined();
    const again = await failureOfCall({ ...write.call, idempotent: true });
    expect(again).toMatchObject({ type: 'Nango.Unavailable', nonRetryable: false });
  });

  test('is no longer asked about once a read is cancelled', async () => {
    const { api, server } = await refusing(limited);
    const cancellation = new AbortController();
    const call = { ...write.call, idempotent: true };
    const read = proxy(api, { connection, call }, { deadlineMs: 60_000, signal: cancellation.signal });
    await server.received(2);
    cancellation.abort(new Error('cancelled'));
    await expect(read).rejects.toThrow('cancelled');
  });
});

describe('readResponse', () => {
  const response = (body: string | Buffer, contentType?: string, status = 200): HttpResponse => ({
    kind: 'response',
    status,
    headers: contentType === undefined ? {} : { 'content-type': contentType },
    body: Buffer.from(body),
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'application/vnd.api+json', 'APPLICATION/JSON'])(
    'parses %s',
    (type) => {
      expect(readResponse(response('{"a":[1,null]}', type, 201))).toMatchObject({
        response: { status: 201, data: { a: [1, null] } },
      });
    },
  );

  test.each(['text/plain', 'text/csv', 'application/x-ndjson', undefined])('leaves %s as text', (type) => {
    expect(readResponse(response('{"a":"é"}', type))).toMatchObject({ response: { status: 200, data: '{"a":"é"}' } });
  });

  test.each(['application/json', 'text/plain', undefined])('makes null of an empty body of %s', (type) => {
    expect(readResponse(response('', type, 204))).toMatchObject({ response: { status: 204, data: null } });
  });

  test('picks parts', () => {
    const body = JSON.stringify({ id: 7, secret: 'x' });
    expect(readResponse(response(body, 'application/json'), ['/id'])).toMatchObject({
      response: { status: 200, data: { '/id': 7 } },
    });
  });

  test('refuses what is nested too deeply to be written again', () => {
    const nested = '['.repeat(50_000) + ']'.repeat(50_000);
    expect(() => readResponse(response(nested, 'application/json'))).toThrow(
      expect.objectContaining({ type: 'Nango.BadResponse', nonRetryable: true }) as Error,
    );
  });

  test('weighs what was picked, not what came', () => {
    const body = JSON.stringify({ id: 7, large: 'x'.repeat(MAX_PAYLOAD_BYTES) });
    expect(readResponse(response(body, 'application/json'), ['/id']).response.data).toEqual({ '/id': 7 });
  });

  test('takes exactly as much as may enter a history', () => {
    const text = 'x'.repeat(MAX_PAYLOAD_BYTES - 2);
    expect(readResponse(response(text)).response.data).toBe(text);
  });

  test('takes more where it is kept elsewhere, up to what it is told', () => {
    const text = 'x'.repeat(MAX_PAYLOAD_BYTES);
    expect(readResponse(response(text), undefined, MAX_PAYLOAD_BYTES + 2).response.data).toBe(text);
    expect(() => readResponse(response(text), undefined, MAX_PAYLOAD_BYTES + 1)).toThrow(
      expect.objectContaining({ type: 'Nango.ResponseTooLarge' }) as Error,
    );
  });

  test('says what helps: pick, and a store where there is none', () => {
    const hintOf = (maxBytes?: number) => {
      try {
        readResponse(response('x'.repeat(MAX_PAYLOAD_BYTES + 1)), undefined, maxBytes);
      } catch (error) {
        return findNangoFailure(error)?.message;
      }
      throw new Error('was taken');
    };
    expect(hintOf()).toMatch(/At most 262144 bytes; .*pick: .*External Storage\.$/);
    expect(hintOf(MAX_PAYLOAD_BYTES + 1)).toMatch(/At most 262145 bytes; .*pick: .*'\]\.$/);
  });

  test.each<[string, string, string | Buffer, string]>([
    ['broken JSON', 'Nango.BadResponse', '{"canary":', 'application/json'],
    ['JSON that is not UTF-8', 'Nango.BadResponse', Buffer.from([0x22, 0xff, 0x22]), 'application/json'],
    ['binary', 'Nango.BadResponse', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]), 'image/png'],
    ['more than may enter a history', 'Nango.ResponseTooLarge', 'canary'.repeat(50_000), 'text/plain'],
    ['more bytes than characters', 'Nango.ResponseTooLarge', 'é'.repeat(MAX_PAYLOAD_BYTES / 2), 'text/plain'],
  ])('refuses %s as %s, with the status and nothing of the body', (_, type, body, contentType) => {
    let failure: ReturnType<typeof findNangoFailure>;
    try {
      readResponse(response(body, contentType, 201));
    } catch (error) {
      failure = findNangoFailure(error);
    }
    expect(failure).toMatchObject({ type, nonRetryable: true });
    expect(failure && detailsOf(failure).status).toBe(201);
    expect(JSON.stringify([failure?.message, failure?.details])).not.toContain('canary');
  });
});

describe('pick', () => {
  const document = {
    a: { b: [10, { c: 'x' }], 'd/e': 1, 'f~g': 2, '~1': 3, '': 4, none: null },
    text: 'abc',
    list: [1, 2],
  };

  test.each<[string, unknown]>([
    ['', document],
    ['/a/b/0', 10],
    ['/a/b/1/c', 'x'],
    ['/a/d~1e', 1],
    ['/a/f~0g', 2],
    ['/a/~01', 3],
    ['/a/', 4],
    ['/a/none', null],
  ])('%j finds its part', (pointer, value) => {
    expect(pick(document, [pointer])).toEqual({ [pointer]: value });
  });

  test.each([
    '/missing',
    '/a/missing/deeper',
    '/list/2',
    '/list/-',
    '/list/01',
    '/list/length',
    '/text/0',
    '/text/length',
    '/a/none/x',
    '/constructor',
    '/__proto__',
    '/toString',
  ])('%j finds nothing, and is absent', (pointer) => {
    expect(pick(document, [pointer])).toEqual({});
  });

  test('takes several, in their order', () => {
    expect(Object.entries(pick(document, ['/list', '/missing', '/text']))).toEqual([
      ['/list', [1, 2]],
      ['/text', 'abc'],
    ]);
  });
});
