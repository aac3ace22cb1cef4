import { HTTPException } from 'hono/http-exception';
import { FakeUpstreamError } from './actions';
import { readable } from './proxy';
import type { ProxyCall } from './proxy';
import type { Connection } from './state';

/** A call to the provider, as an action's code makes it. */
export interface RuntimeCall {
  /** default `GET` */
  method?: string;
  /** below the provider's base URL */
  endpoint: string;
  /** query; default: that of `endpoint` */
  params?: { [name: string]: string | number | boolean };
  /** for the provider; default: none */
  headers?: { [name: string]: string };
  /** body, any JSON; default: none */
  data?: unknown;
  /** how often Nango repeats it; default 0 */
  retries?: number;
  /** instead of the provider's base URL; default: that */
  baseUrlOverride?: string;
}

/** The provider's response to it. */
export interface RuntimeResponse {
  /** HTTP status */
  status: number;
  /** names in small letters */
  headers: { [name: string]: string };
  /** parsed where it is JSON, text otherwise */
  data: unknown;
}

/** What Nango gives an action that runs. */
export interface ActionRuntime {
  /** of the connection; `null`: none */
  metadata: { [key: string]: unknown } | null;
  /** lines of its log, which a dry run shows */
  logs: string[];
  /** Calls the provider through Nango's own proxy. @throws FakeUpstreamError, with `response`, for a status of 400 or more */
  call: (request: RuntimeCall) => Promise<RuntimeResponse>;
}

/** Carries out proxied calls. @returns undefined if the connection broke */
export type ProxyRunner = (call: ProxyCall) => Promise<Response | undefined>;

/** As HTTP clients throw it: code reads `error.response.status`. */
class UpstreamResponseError extends FakeUpstreamError {
  constructor(readonly response: RuntimeResponse) {
    super(response.status, response.data, Object.fromEntries(Object.entries(response.headers).filter(isHandedOn)));
  }
}

/** What a run of an action has of Nango. */
export function createRuntime(run: ProxyRunner, connection: Connection, metadata = connection.metadata): ActionRuntime {
  const logs: string[] = [];
  return {
    metadata,
    logs,
    async call(request) {
      const { method = 'GET', endpoint } = request;
      const response = await responseOf(run, proxyCall(request, connection));
      logs.push(`http [${response.status}] ${method.toUpperCase()} ${endpoint}`);
      if (response.status >= 400) throw new UpstreamResponseError(response);
      return response;
    },
  };
}

function proxyCall(
  { method = 'GET', endpoint, params = {}, headers = {}, data, retries, baseUrlOverride }: RuntimeCall,
  { integration, connectionId }: Connection,
): ProxyCall {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) query.set(name, String(value));
  const path = endpoint.replace(/^(?!\/|https?:)/, '/');
  const forProvider = new Map(
    Object.entries(headers).map(([name, value]) => [`nango-proxy-${name.toLowerCase()}`, value]),
  );
  return {
    method: method.toUpperCase(),
    endpoint: query.size === 0 ? path : `${path}${path.includes('?') ? '&' : '?'}${query.toString()}`,
    headers: {
      'provider-config-key': integration,
      'connection-id': connectionId,
      ...(retries !== undefined && { retries: String(retries) }),
      ...(baseUrlOverride !== undefined && { 'base-url-override': baseUrlOverride }),
      ...(data !== undefined && { 'content-type': 'application/json' }),
      ...Object.fromEntries(forProvider),
    },
    raw: Buffer.from(data === undefined ? '' : JSON.stringify(data)),
    parsed: data,
    isOfAction: true,
  };
}

async function responseOf(run: ProxyRunner, call: ProxyCall): Promise<RuntimeResponse> {
  let response: Response | undefined;
  try {
    response = await run(call);
  } catch (error) {
    if (!(error instanceof HTTPException)) throw error;
    response = error.getResponse();
  }
  if (response === undefined) throw new Error('socket hang up');
  const data = readable(Buffer.from(await response.arrayBuffer())) ?? '';
  return { status: response.status, headers: Object.fromEntries(response.headers), data };
}

/** Of the headers of an error, Nango says the kind of the body and the limits. */
function isHandedOn([name]: [string, string]): boolean {
  return name === 'content-type' || name.startsWith('x-rate');
}
