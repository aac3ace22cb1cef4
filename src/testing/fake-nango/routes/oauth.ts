import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { Env } from '../env';
import { fail, html, parse } from '../responses';
import { connect, failedAttempt, isAllowed, obstacle } from '../connect';
import { requestedScopes, scopeText } from '../grants';
import { isOAuth2Mode } from '../modes/credentials';
import { tokens } from '../modes/tokens';
import { message } from '../page';
import { ownId } from '../page-session';
import { requestToken } from '../provider-http';
import { queryOf } from '../query';
import type { ConnectSession, State } from '../state';
import type { Webhooks } from '../webhooks';

/** The way of a person's browser to an OAuth provider and back. */
export function oauthRoutes(state: State, webhooks: Webhooks): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/oauth/connect/:key', (c) => {
    const session = c.var.session!;
    parse(ownId, queryOf(c), 'invalid_query_params');
    const integration = state.integrations.get(c.req.param('key'));
    if (integration === undefined) return html(400, 'There is no such integration.');
    if (!isAllowed(session, integration.key)) return fail(400, { code: 'integration_not_allowed' });
    const { provider } = integration;
    if (provider.authorizeUrl === undefined || !isOAuth2Mode(provider.authMode)) {
      return html(400, 'This integration is not connected by OAuth.');
    }
    const reason = obstacle(integration);
    if (reason !== undefined) return html(400, reason);
    const id = randomUUID();
    const verifier = randomBytes(32).toString('base64url');
    state.flows.set(id, { session, integration: integration.key, verifier });
    const location = new URL(provider.authorizeUrl);
    location.search = new URLSearchParams({
      response_type: 'code',
      client_id: String(integration.credentials?.client_id),
      redirect_uri: `${c.var.origin}/oauth/callback`,
      scope: scopeText(provider, requestedScopes(session, integration)),
      state: id,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...session.configDefaults?.[integration.key]?.authorization_params,
    }).toString();
    return c.text('Redirecting', 302, { location: location.href });
  });

  app.get('/oauth/callback', async (c) => {
    const { code, state: id = '' } = c.req.query();
    const flow = state.flows.get(id);
    if (flow === undefined) return html(400, 'This attempt is unknown, or over.');
    state.flows.delete(id);
    const { session, integration: key, verifier } = flow;
    const integration = state.integrations.get(key);
    // Its expiry does not matter any more; but a session that was revoked is gone.
    if (integration === undefined || !state.sessions.has(session.token)) return html(400, 'This attempt is over.');
    if (code === undefined) return failed(session, key, 'invalid_callback');
    const form = { grant_type: 'authorization_code', code, code_verifier: verifier };
    const { tokenUrl, authMode } = integration.provider;
    const token = tokenUrl === undefined ? undefined : await requestToken(tokenUrl, form);
    if (token === undefined) return failed(session, key, 'unknown');
    if (typeof token.access_token !== 'string' || !isOAuth2Mode(authMode))
      return failed(session, key, 'unable_to_parse_token_response');
    connect(state, webhooks, session, key, { type: authMode, ...tokens(token, state.clock()) });
    return message(200, 'Connected', 'The account is connected. You can close this window.');
  });

  function failed(session: ConnectSession, integration: string, type: string): Response {
    webhooks.attemptFailed(failedAttempt(state, session, integration), type);
    return message(400, 'Not connected', 'The account was not connected.');
  }

  return app;
}
