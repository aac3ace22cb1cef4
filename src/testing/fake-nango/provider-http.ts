import http from 'node:http';
import https from 'node:https';
import type { Credentials, Provider } from './state';

/** Requests to a real upstream, by plain node:http, so that a path arrives byte for byte. */

export interface UpstreamRequest {
  method: string;
  url: URL;
  headers: { [name: string]: string };
  body?: Buffer;
}

export interface UpstreamAnswer {
  status: number;
  headers: { [name: string]: string };
  body: Buffer;
}

const MAX_REDIRECTS = 5;

/** @throws the network's error, with its `code` */
export async function send(request: UpstreamRequest, redirects = MAX_REDIRECTS): Promise<UpstreamAnswer> {
  const answer = await sendOnce(request);
  const { location } = answer.headers;
  if (answer.status < 300 || answer.status >= 400 || location === undefined || redirects === 0) return answer;
  return await send({ ...request, method: 'GET', body: undefined, url: new URL(location, request.url) }, redirects - 1);
}

function sendOnce({ method, url, headers, body }: UpstreamRequest): Promise<UpstreamAnswer> {
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === 'https:' ? https : http;
    const options = {
      method,
      host: url.hostname,
      port: url.port,
      path: url.pathname + url.search,
      headers,
      agent: false,
    };
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** How a connection's credentials go with a request. */
export function authorization(credentials: Credentials): string {
  switch (credentials.type) {
    case 'API_KEY':
      return `Bearer ${credentials.apiKey}`;
    case 'BASIC':
      return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
    case 'OAUTH2':
      return `Bearer ${credentials.access_token}`;
  }
}

/** Whether a provider accepts credentials; one that cannot be asked is believed. */
export async function verify({ baseUrl, verifyPath }: Provider, credentials: Credentials): Promise<boolean> {
  if (baseUrl === undefined || verifyPath === undefined) return true;
  const headers = { authorization: authorization(credentials) };
  const { status } = await send({ method: 'GET', url: new URL(baseUrl + verifyPath), headers });
  return status < 400;
}

/** Asks a token endpoint. @returns its answer; undefined for a refusal or a failure */
export async function requestToken(
  tokenUrl: string,
  form: { [name: string]: string },
): Promise<{ [name: string]: unknown } | undefined> {
  const body = Buffer.from(new URLSearchParams(form).toString());
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(body.length) };
  try {
    const answer = await send({ method: 'POST', url: new URL(tokenUrl), headers, body });
    return answer.status < 400 ? (JSON.parse(answer.body.toString('utf8')) as { [name: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}
