import type { HttpResponse } from './outcome';

/** The parts of an error response that say whose it is; nothing of them is told to anybody. */
export interface ErrorBody {
  /** `error.code`: Nango's own errors have one, and a provider's may */
  code?: string;
  message: string;
  /** the names in `error`, sorted and joined by commas, if all are texts and nothing stands beside it */
  fields?: string;
  /** the first part of the body that its schema refused */
  field?: string;
  /** the status of the provider's response inside an action's error */
  upstreamStatus?: number;
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
  const status = asObject(error.upstream).status;
  return {
    code: text(error.code),
    fields: Object.keys(body).join() === 'error' ? fieldsOf(error) : undefined,
    field: fieldOf(error.errors),
    message: text(error.message) ?? '',
    upstreamStatus: typeof status === 'number' ? status : undefined,
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

function parseObject(body: Buffer): Record<string, unknown> {
  try {
    return asObject(JSON.parse(body.toString('utf8')));
  } catch {
    return {};
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
