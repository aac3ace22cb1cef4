import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { z } from 'zod';
import { fail, html, parse, queryOf, unauthorized } from '../answers';
import { connect, isAllowed } from '../connect';
import type { Env } from '../env';
import { requestToken, verify } from '../provider-http';
import { tokenCredentials } from '../refresh';
import type { AuthMode, Connection, ConnectSession, Credentials, Integration, State } from '../state';
import type { Webhooks } from '../webhooks';

const apiKeySchema = z.strictObject({ apiKey: z.string() });
const basicSchema = z.strictObject({ username: z.string(), password: z.string() });
const authQuery = z
  .looseObject({ connect_session_token: z.string().optional(), connection_id: z.string().optional() })
  .superRefine(({ connection_id }, context) => {
    if (connection_id === undefined) return;
    context.addIssue({ code: 'custom', message: 'A session may not choose the id.', path: ['connection_id'] });
  });

/** What a browser does after a person has opened a connect link. */
export function connectUiRoutes(state: State, webhooks: Webhooks): Hono<Env> {
  const app = new Hono<Env>();

  app.post('/api-auth/api-key/:key', (c) =>
    typed(c, 'API_KEY', () => ({ type: 'API_KEY', ...parse(apiKeySchema, c.var.body, 'invalid_body') })),
  );
  app.post('/api-auth/basic/:key', (c) =>
    typed(c, 'BASIC', () => ({ type: 'BASIC', ...parse(basicSchema, c.var.body, 'invalid_body') })),
  );

  /** Credentials that a person types. */
  async function typed(c: Context<Env, '/:key'>, mode: AuthMode, credentials: () => Credentials): Promise<Response> {
    const { session, integration } = opened(c);
    if (integration.provider.authMode !== mode) return fail(400, { code: 'invalid_auth_mode' });
    const given = credentials();
    if (!(await verify(integration.provider, given))) {
      return fail(400, { code: 'connection_test_failed', message: 'The provider refuses these credentials.' });
    }
    const { connectionId } = connect(state, webhooks, session, integration.key, given);
    return c.json({ connectionId, providerConfigKey: integration.key });
  }

  app.get('/oauth/connect/:key', (c) => {
    const { session, integration } = opened(c);
    const { authorizeUrl } = integration.provider;
    if (authorizeUrl === undefined) return fail(400, { code: 'invalid_auth_mode' });
    const flow = randomUUID();
    const verifier = randomBytes(32).toString('base64url');
    state.flows.set(flow, { session, integration: integration.key, verifier });
    const location = new URL(authorizeUrl);
    location.search = new URLSearchParams({
      response_type: 'code',
      client_id: String(integration.credentials?.client_id),
      redirect_uri: `${c.var.origin}/oauth/callback`,
      scope: scopesOf(session, integration).join(' '),
      state: flow,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    }).toString();
    return c.text('Redirecting', 302, { location: location.href });
  });

  app.get('/oauth/callback', async (c) => {
    const { code, state: flowId, error } = c.req.query();
    const flow = state.flows.get(flowId ?? '');
    if (flow === undefined) return html(400, 'This attempt is unknown, or over.');
    state.flows.delete(flowId ?? '');
    const { session, integration } = flow;
    const tokenUrl = state.integrations.get(integration)?.provider.tokenUrl;
    const raw =
      error === undefined && tokenUrl !== undefined
        ? await requestToken(tokenUrl, {
            grant_type: 'authorization_code',
            code: code ?? '',
            code_verifier: flow.verifier,
          })
        : undefined;
    if (raw === undefined) {
      webhooks.attemptFailed(failedAttempt(state, session, integration), 'invalid_callback');
      return html(400, 'The account was not connected.');
    }
    connect(state, webhooks, session, integration, tokenCredentials(raw, state.clock()));
    return html(200, 'The account is connected.');
  });

  app.get('/', (c) => {
    const session = state.session(c.req.query('session_token') ?? '');
    if (session === undefined) return html(200, 'FakeNango. This link is unknown, or has expired.');
    const keys = session.allowedIntegrations ?? [...state.integrations.keys()];
    const field = (key: string) =>
      `<p><button name="integration" value="${encodeURIComponent(key)}">Connect ${escape(key)}</button></p>`;
    return html(
      200,
      `<form method="post"><input name="as" value="me" aria-label="Account">${keys.map(field).join('')}</form>`,
    );
  });

  app.post('/', (c) => {
    const session = state.session(c.req.query('session_token') ?? '');
    if (session === undefined) return html(404, 'This link is unknown, or has expired.');
    const form = new URLSearchParams(c.var.raw.toString('utf8'));
    const key = decodeURIComponent(form.get('integration') ?? '');
    const integration = state.integrations.get(key);
    if (integration === undefined || !isAllowed(session, key)) return html(400, 'This link is for something else.');
    connect(state, webhooks, session, key, madeUpCredentials(integration, form.get('as') ?? '', state.clock()));
    return html(200, 'The account is connected.');
  });

  /** The session and the integration of a request, or the end of it. */
  function opened(c: Context<Env, '/:key'>): { session: ConnectSession; integration: Integration } {
    const { connect_session_token: token } = parse(authQuery, queryOf(c), 'invalid_query_params');
    if (token === undefined) return unauthorized('missing_public_key', 'There is no connect session token.');
    const session = state.session(token) ?? unauthorized('unknown_connect_session_token', 'Nobody has this token.');
    const integration = state.integrations.get(c.req.param('key')) ?? fail(404, { code: 'unknown_provider_config' });
    if (!isAllowed(session, integration.key)) return fail(400, { code: 'integration_not_allowed' });
    return { session, integration };
  }

  return app;
}

/** Credentials that say whose they are, for providers without a real token endpoint. */
export function madeUpCredentials({ provider }: Integration, as: string, now: number): Credentials {
  switch (provider.authMode) {
    case 'API_KEY':
      return { type: 'API_KEY', apiKey: as };
    case 'BASIC':
      return { type: 'BASIC', username: as, password: `password of ${as}` };
    case 'OAUTH2':
      return tokenCredentials(
        { access_token: `access of ${as}`, refresh_token: `refresh of ${as}`, expires_in: 3600, token_type: 'bearer' },
        now,
      );
  }
}

/** A connection that was not made: failure webhooks name one all the same. */
export function failedAttempt(state: State, session: ConnectSession, integration: string): Connection {
  const now = state.clock();
  return {
    id: 0,
    connectionId: session.reconnect?.connectionId ?? randomUUID(),
    integration,
    credentials: { type: 'API_KEY', apiKey: '' },
    tags: {},
    metadata: null,
    connectionConfig: {},
    endUser: null,
    webhookUrlOverride: session.webhookUrlOverride ?? null,
    createdAt: now,
    updatedAt: now,
    lastFetchedAt: now,
  };
}

function scopesOf({ configDefaults }: ConnectSession, { key, credentials, provider }: Integration): string[] {
  const override = configDefaults?.[key]?.connection_config?.oauth_scopes_override;
  const scopes = override ?? credentials?.scopes;
  return typeof scopes === 'string' ? scopes.split(',') : (provider.defaultScopes ?? []);
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
