import { FakeNango } from '../../src/testing/fake-nango';
import type { FakeNangoOptions } from '../../src/testing/fake-nango';

const START = Date.UTC(2026, 0, 1);
export const MINUTE = 60_000;

export interface PlaygroundResponse {
  status: number;
  headers: Headers;
  body: unknown;
}

export interface Given {
  key?: string;
  headers?: { [name: string]: string };
  body?: unknown;
}

/** A FakeNango with two OAuth integrations, `crm` and `other`, on a clock of its own, and a way to ask it. */
export class Playground {
  private constructor(
    readonly nango: FakeNango,
    private readonly time: { now: number },
  ) {}

  static async open(options: FakeNangoOptions = {}): Promise<Playground> {
    const time = { now: START };
    const nango = await FakeNango.start({ clock: () => time.now, webhookRetryDelaysMs: [1, 1], ...options });
    nango.addProvider({ name: 'crm', authMode: 'OAUTH2' });
    nango.addIntegration({ key: 'crm', provider: 'crm' });
    nango.addIntegration({ key: 'other', provider: 'crm' });
    return new Playground(nango, time);
  }

  pass(ms: number): void {
    this.time.now += ms;
  }

  async call(method: string, path: string, { key, headers, body }: Given = {}): Promise<PlaygroundResponse> {
    const response = await fetch(this.nango.url + path, {
      method,
      headers: {
        authorization: `Bearer ${key ?? this.nango.secretKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') && text !== '';
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  /** A proxied call for a connection of `crm`. */
  async proxied(
    connectionId: string,
    path = '/x',
    { method = 'GET', headers = {}, ...rest }: Given & { method?: string } = {},
  ) {
    const of = { 'provider-config-key': 'crm', 'connection-id': connectionId };
    return await this.call(method, `/proxy${path}`, { ...rest, headers: { ...of, ...headers } });
  }

  /** A connect session, as a backend would make it. */
  async mint(body: object = { tags: { end_user_id: 'ann' }, allowed_integrations: ['crm'] }, kind = '') {
    const response = await this.call('POST', `/connect/sessions${kind}`, { body });
    expect(response.status).toBe(201);
    const { data } = response.body as { data: { token: string; connect_link: string } };
    return { token: data.token, link: data.connect_link };
  }

  async close(): Promise<void> {
    await this.nango.close();
  }
}
