import type { HttpAnswer } from './http';

/** The parts of an error answer that say whose it is; nothing of them is told to anybody. */
export interface ErrorBody {
  /** `error.code`: Nango's own errors have one, and a provider's may */
  code?: string;
  /** `error.method`, which only Nango's limiter sends */
  method?: string;
  message: string;
  /** the status of the provider's answer inside an action's error */
  upstreamStatus?: number;
  /** `code` beside `message`, without `error`: Nango could not reach the provider */
  networkCode?: string;
}

/** Of Node or of its HTTP client. */
const NETWORK_CODE = /^(E[A-Z]+|ERR_[A-Z_]+|EAI_[A-Z]+|CERT_[A-Z_]+|UND_ERR_[A-Z_]+)$/;

/** Reads an error answer; of a body that is no JSON object everything is absent. */
export function readError(answer: HttpAnswer): ErrorBody {
  const body = parseObject(answer.body);
  const error = asObject(body.error);
  const unreached = body.error === undefined && typeof body.message === 'string' && typeof body.method === 'string';
  const networkCode =
    unreached && typeof body.code === 'string' && NETWORK_CODE.test(body.code) ? body.code : undefined;
  const status = asObject(error.upstream).status;
  return {
    code: text(error.code),
    method: text(error.method),
    message: text(error.message) ?? '',
    upstreamStatus: typeof status === 'number' ? status : undefined,
    networkCode,
  };
}

export function isHtml(answer: HttpAnswer): boolean {
  return /^text\/html\b/i.test(answer.headers['content-type'] ?? '');
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
