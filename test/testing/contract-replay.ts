import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { fixtureSchema } from './contract-format';
import type { Fixture, Json, Step } from './contract-format';
import { at, differences } from './contract-match';
import type { Difference } from './contract-match';

/** Plays a fixture against a server; its format is told in `contract-format.ts`. */

/** Variables of a fixture, and those it keeps on its way. */
export type Variables = { [name: string]: string };

/** Who may ask what of the server that a fixture is played against. */
export interface Keys {
  /** of the environment */
  secret: string;
  /** with few scopes */
  restricted: string;
}

interface Received {
  status: number;
  headers: IncomingMessage['headers'];
  /** parsed where it is JSON, text otherwise */
  body: unknown;
}

const RESPONSE_MS = 10_000;

/**
 * @param url of the server
 * @param variables that the fixture may name from the beginning
 * @returns a line for every fact that differs
 * @throws ZodError for a fixture in another form
 */
export async function replay(fixture: unknown, url: string, keys: Keys, variables: Variables): Promise<string[]> {
  const { steps }: Fixture = fixtureSchema.parse(fixture);
  const known = { ...variables };
  const lines: string[] = [];
  for (const [i, recorded] of steps.entries()) {
    const step = filled(recorded, known) as Step;
    const place = `step ${i + 1}, ${recorded.request}`;
    try {
      const response = await sendUntil(step, url, keys);
      lines.push(...compared(step, response).map(({ where, what }) => `${place}: ${where} ${what}`));
      keep(step, response, known);
    } catch (error) {
      lines.push(`${place}: no answer, ${String(error)}`);
    }
  }
  return lines;
}

/** A job is read until it is over, or for so long. */
async function sendUntil(step: Step, url: string, keys: Keys): Promise<Received> {
  const latest = Date.now() + RESPONSE_MS;
  for (;;) {
    const response = await send(step, url, keys);
    const fits = ([pointer, values]: [string, string[]]) => values.includes(String(at(response.body, pointer)));
    if (Object.entries(step.until ?? {}).every(fits) || Date.now() > latest) return response;
  }
}

async function send(step: Step, url: string, keys: Keys): Promise<Received> {
  const [method = '', target = ''] = step.request.split(' ');
  const { origin } = new URL(target, url);
  const body = step.text ?? (step.json === undefined ? undefined : JSON.stringify(step.json));
  const authorization =
    step.authorization ?? (step.as === 'nobody' ? undefined : `Bearer ${keys[step.as ?? 'secret']}`);
  const { hostname, port } = new URL(origin);
  const outgoing = request({
    ...{ method, hostname, port },
    // As it stands: a URL library would tidy it up.
    path: target.startsWith(origin) ? target.slice(origin.length) : target,
    headers: {
      ...(authorization !== undefined && { authorization }),
      ...(step.json !== undefined && { 'content-type': 'application/json' }),
      ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
      ...step.sent,
    },
    agent: false,
    signal: AbortSignal.timeout(RESPONSE_MS),
  });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return { status: response.statusCode ?? 0, headers: response.headers, body: parsed(text, response.headers) };
}

function parsed(text: string, headers: IncomingMessage['headers']): unknown {
  if (typeOf(headers) !== 'application/json') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function typeOf(headers: IncomingMessage['headers']): string {
  return headers['content-type']?.split(';', 1)[0] ?? '';
}

function compared(step: Step, { status, headers, body }: Received): Difference[] {
  // Of an answer of another status nothing else is alike either.
  if (status !== step.status) {
    return [{ where: 'status', what: `expected ${step.status}, got ${status} ${JSON.stringify(body).slice(0, 200)}` }];
  }
  const seen = step.only === undefined ? body : narrowed(body, step.only);
  return [
    ...differences(step.type ?? 'application/json', typeOf(headers), 'content type'),
    ...Object.entries(step.headers ?? {}).flatMap(([name, want]) =>
      differences(sorted(want), sorted(headers[name]), `header ${name}`),
    ),
    ...Object.entries(step.places ?? {}).flatMap(([pointer, want]) => differences(want, at(seen, pointer), pointer)),
    ...whole(step).flatMap((want) => differences(want, seen)),
  ];
}

/** The whole body, if the step tells it. */
function whole({ status, whole, refusal, invalid }: Step): Json[] {
  if (whole !== undefined) return [whole];
  if (refusal !== undefined) {
    return [{ error: { code: refusal, message: '<string>', ...(status === 401 && { payload: {} }) } }];
  }
  if (invalid === undefined) return [];
  const [code, ...issues] = invalid;
  const errors = issues.map((issue) => {
    const [issueCode = '', path] = issue.split(' ');
    return { code: issueCode, message: '<string>', path: path?.split('/') ?? [] };
  });
  return [{ error: { code, errors } }];
}

function narrowed(body: unknown, only: NonNullable<Step['only']>): unknown {
  const list = at(body, only.at);
  if (!Array.isArray(list)) return body;
  const left = list.filter((element) =>
    Object.entries(only.with).every(([key, value]) => at(element, `/${key}`) === value),
  );
  const [, key = ''] = only.at.split('/');
  return { ...(body as object), [key]: left };
}

/** The parameters of a redirect may stand in any order. */
function sorted<T extends Json | string[] | undefined>(value: T): T | string {
  if (typeof value !== 'string' || !value.includes('?')) return value;
  const [path, query = ''] = value.split('?');
  return `${path}?${query.split('&').toSorted().join('&')}`;
}

function keep({ keep = {} }: Step, { headers, body }: Received, known: Variables): void {
  for (const [name, source] of Object.entries(keep)) {
    const value = source.startsWith('header ') ? headers[source.slice('header '.length)] : at(body, source);
    if (typeof value !== 'string') throw new Error(`there is nothing to keep as ${name}`);
    known[name] = value;
  }
}

/** Puts variables into texts and keys, at every depth. */
function filled(value: unknown, known: Variables): unknown {
  if (typeof value === 'string') {
    return value.replace(/\{\{(\w+)\}\}/g, (all, name: string) =>
      /^\d+$/.test(name) ? 'x'.repeat(Number(name)) : (known[name] ?? all),
    );
  }
  if (Array.isArray(value)) return value.map((one) => filled(one, known));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [filled(key, known) as string, filled(inner, known)]),
  );
}
