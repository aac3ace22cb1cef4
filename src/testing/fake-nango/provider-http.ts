import http from 'node:http';
import https from 'node:https';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { authorization } from './modes/credentials';
import type { Credentials } from './modes/credentials';
import type { Provider } from './provider';

/** Requests to a real upstream, by plain node:http, so that a path arrives byte for byte. */

/** A request as it will be sent. */
export interface UpstreamRequest {
  method: string;
  url: URL;
  headers: { [name: string]: string };
  body?: Buffer;
}

/** Its response, whole and unpacked; names of headers in small letters. */
export interface UpstreamResponse {
  status: number;
  headers: { [name: string]: string };
  body: Buffer;
}

const MAX_REDIRECTS = 5;

/** Follows redirects, with the headers of the first request. @throws the network's error, with its `code` */
export async function send(request: UpstreamRequest, redirects = 0): Promise<UpstreamResponse> {
  const response = await sendOnce(request);
  const { location } = response.headers;
  if (response.status < 300 || response.status >= 400 || location === undefined) return response;
  if (redirects === MAX_REDIRECTS) {
    throw Object.assign(new Error('There are too many redirects.'), { code: 'ERR_FR_TOO_MANY_REDIRECTS' });
  }
  return await send(redirected(request, response.status, new URL(location, request.url)), redirects + 1);
}

/** As browsers do it: a POST becomes a GET after 301 and 302, everything does after 303; 307 and 308 change nothing. */
function redirected(request: UpstreamRequest, status: number, url: URL): UpstreamRequest {
  const becomesGet = status === 303 ? request.method !== 'HEAD' : status <= 302 && request.method === 'POST';
  if (!becomesGet) return { ...request, url };
  const kept = Object.entries(request.headers).filter(([name]) => !name.startsWith('content-'));
  return { method: 'GET', url, headers: Object.fromEntries(kept) };
}

function sendOnce({ method, url, headers, body }: UpstreamRequest): Promise<UpstreamResponse> {
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === 'https:' ? https : http;
    const options = {
      method,
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port,
      path: url.pathname + url.search,
      headers,
      agent: false,
    };
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const entries = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        const head = { status: response.statusCode ?? 0, headers: Object.fromEntries(entries) as Headers };
        decoded(head.headers, Buffer.concat(chunks)).then((body) => resolve({ ...head, body }), reject);
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

type Headers = UpstreamResponse['headers'];

const DECODERS = {
  gzip: promisify(zlib.gunzip),
  compress: promisify(zlib.gunzip),
  deflate: promisify(zlib.inflate),
  br: promisify(zlib.brotliDecompress),
};

/** Unpacks a body, and takes the headers away that spoke of its packing. */
async function decoded(headers: Headers, body: Buffer): Promise<Buffer> {
  const decode = DECODERS[headers['content-encoding'] as keyof typeof DECODERS];
  if (decode === undefined || body.length === 0) return body;
  delete headers['content-encoding'];
  delete headers['content-length'];
  return await decode(body);
}

/** Whether a provider accepts credentials; one that says nothing of how to ask is believed, one that is away is not. */
export async function verify({ baseUrl, verifyPath }: Provider, credentials: Credentials): Promise<boolean> {
  if (baseUrl === undefined || verifyPath === undefined) return true;
  const value = authorization(credentials);
  const headers = { ...(value !== undefined && { authorization: value }) };
  return await send({ method: 'GET', url: new URL(baseUrl + verifyPath), headers }).then(
    ({ status }) => status < 400,
    () => false,
  );
}

/** Calls a token endpoint. @returns its response; undefined for a refusal or a failure */
export async function requestToken(
  tokenUrl: string,
  form: { [name: string]: string },
): Promise<{ [name: string]: unknown } | undefined> {
  const body = Buffer.from(new URLSearchParams(form).toString());
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(body.length) };
  try {
    const response = await send({ method: 'POST', url: new URL(tokenUrl), headers, body });
    return response.status < 400
      ? (JSON.parse(response.body.toString('utf8')) as { [name: string]: unknown })
      : undefined;
  } catch {
    return undefined;
  }
}
