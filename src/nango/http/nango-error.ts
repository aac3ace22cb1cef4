import { asObject, parseObject } from './json-object';
import type { HttpResponse } from './outcome';

/** The parts of an error response that say whose it is and what it means; nothing of them is told to anybody as it is. */
export interface ErrorBody {
  /** all of it; empty if it is no JSON object */
  body: Record<string, unknown>;
  /** `error.code`: Nango's own errors have one, and a provider's may */
  code?: string;
  message: string;
  /** the names in `error`, sorted and joined by commas, if all are texts and nothing stands beside it */
  fields?: string;
  /** the first part of the body that its schema refused */
  field?: string;
  /** the status of the provider's response inside an action's error */
  upstreamStatus?: number;
  /** its body; empty if it is no JSON object */
  upstreamBody: Record<string, unknown>;
  /** `code` beside `message`, without `error`: Nango could not reach the provider */
  networkCode?: string;
}

/** Codes of Node and of Nango's HTTP client; a list, so that no word of a provider's passes for one. */
const NETWORK_CODE =
  /^(EAI_AGAIN|ECONNABORTED|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EPIPE|EPROTO|ETIMEDOUT|ERR_BAD_REQUEST|ERR_BAD_RESPONSE|ERR_CANCELED|ERR_FR_TOO_MANY_REDIRECTS|ERR_NETWORK|ERR_SOCKET_CLOSED|CERT_HAS_EXPIRED|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/;

/** Reads an error response; of a body that is no JSON object everything is absent. */
export function readError(response: HttpResponse): ErrorBody {
  const body = parseObject(response.body);
  const error = asObject(body.error);
  const unreached = body.error === undefined && typeof body.message === 'string' && typeof body.method === 'string';
  const networkCode =
    unreached && typeof body.code === 'string' && NETWORK_CODE.test(body.code) ? body.code : undefined;
  const upstream = asObject(error.upstream);
  return {
    body,
    code: text(error.code),
    fields: Object.keys(body).join() === 'error' ? fieldsOf(error) : undefined,
    field: fieldOf(error.errors),
    message: text(error.message) ?? '',
    upstreamStatus: typeof upstream.status === 'number' ? upstream.status : undefined,
    upstreamBody: asObject(upstream.body),
    networkCode,
  };
}

function fieldsOf(error: Record<string, unknown>): string | undefined {
  return Object.values(error).every((value) => typeof value === 'string')
    ? Object.keys(error).sort().join()
    : undefined;
}

function fieldOf(errors: unknown): string | undefined {
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const { path } = asObject(first);
  return Array.isArray(path) ? text(path[0]) : undefined;
}

/** A connection as it was read, of which Nango says that its last refresh failed. */
export function isFlagged({ status, body }: HttpResponse): boolean {
  const { errors } = parseObject(body);
  return status < 300 && Array.isArray(errors) && errors.some((error) => asObject(error).type === 'auth');
}

export function isHtml(response: HttpResponse): boolean {
  return /^text\/html\b/i.test(response.headers['content-type'] ?? '');
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
