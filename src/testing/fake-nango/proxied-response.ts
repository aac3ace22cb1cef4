import type { UpstreamResponse } from './provider-http';

/** A provider's response; `reset` breaks the caller's connection. At most one of `json`, `text`, `buffer`. */
export type ProxiedResponse =
  | {
      /** default 200 */
      status?: number;
      /** in any case; default: the content type of what is given */
      headers?: { [name: string]: string | undefined };
      /** body, sent as JSON */
      json?: unknown;
      /** body, sent as plain text */
      text?: string;
      /** body, sent as it is; `headers` may say what it is */
      buffer?: Buffer;
      /** sent in pieces, without a length: decides what the proxy hands on */
      chunked?: boolean;
    }
  | 'reset';

/** Of a buffered success Nango hands on only these. */
const KEPT = ['content-type', 'mcp-session-id', 'x-request-id', 'x-correlation-id'];
/** Those of one hop, and what is worked out anew. */
const NOT_FORWARDED = ['connection', 'transfer-encoding', 'content-length', 'keep-alive', 'date'];
/** A text that does not say how it is written. */
const TEXT = /^(text\/[\w.+-]+|application\/json)$/i;
const WITHOUT_BODY = [204, 304];

/** A test's response as it would have come from the network. */
export function asUpstream(response: Exclude<ProxiedResponse, 'reset'>): UpstreamResponse {
  const { status = 200, headers = {}, json, text, buffer, chunked } = response;
  const type = json !== undefined ? 'application/json' : text !== undefined ? 'text/plain' : undefined;
  const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    status,
    headers: {
      ...(type && { 'content-type': type }),
      ...(chunked && { 'transfer-encoding': 'chunked' }),
      ...Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), value])),
    },
    body: buffer ?? Buffer.from(json !== undefined ? JSON.stringify(json) : (text ?? '')),
  };
}

/** What code that runs in Nango gets of it: all. */
export function whole({ status, headers, body }: UpstreamResponse): Response {
  return new Response(WITHOUT_BODY.includes(status) ? null : new Uint8Array(body), { status, headers });
}

/**
 * What the caller gets of a provider's response. A stream, a download and whatever is no success keep status and
 * headers; a buffered success loses most of both.
 */
export function handOn({ status, headers, body }: UpstreamResponse): Response {
  const streamed =
    headers['transfer-encoding'] === 'chunked' ||
    /^(attachment|inline)(;|\s|$)/i.test(headers['content-disposition'] ?? '');
  const succeeded = status >= 200 && status < 300;
  const isWhole = streamed || !succeeded;
  const kept = Object.entries(headers).filter(([name]) =>
    isWhole ? !NOT_FORWARDED.includes(name) : status !== 204 && KEPT.includes(name),
  );
  const shown = isWhole || status === 204 ? status : 200;
  if (WITHOUT_BODY.includes(shown)) {
    return new Response(null, { status: shown, headers: kept.filter(([name]) => name !== 'content-type') });
  }
  const response = new Response(new Uint8Array(body), { status: shown, headers: kept });
  // Nango writes errors anew, with the charset of its own texts.
  if (!succeeded && TEXT.test(headers['content-type'] ?? '')) {
    response.headers.set('content-type', `${headers['content-type']}; charset=utf-8`);
  }
  if (!response.headers.has('content-type')) {
    response.headers.set('content-type', succeeded ? 'application/octet-stream' : 'text/html; charset=utf-8');
  }
  return response;
}
