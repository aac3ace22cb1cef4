import { Hono } from 'hono';
import { html } from '../answers';
import { connect, failedAttempt, isAllowed } from '../connect';
import { madeUpCredentials } from '../credentials';
import type { Env } from '../env';
import type { State } from '../state';
import type { Webhooks } from '../webhooks';

/** Where a connect link leads: a page on which a person says who they are, and connects or refuses. */
export function connectPageRoutes(state: State, webhooks: Webhooks): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/', (c) => {
    const session = state.session(c.req.query('session_token') ?? '');
    if (session === undefined) return html(200, 'FakeNango. This link is unknown, or has expired.');
    const keys = session.allowedIntegrations ?? [...state.integrations.keys()];
    const buttons = keys.map((key) => `<p>${button('integration', key)} ${button('refuse', key)}</p>`);
    return html(200, `<form method="post"><input name="as" value="me" aria-label="Account">${buttons.join('')}</form>`);
  });

  app.post('/', (c) => {
    const session = state.session(c.req.query('session_token') ?? '');
    if (session === undefined) return html(404, 'This link is unknown, or has expired.');
    const form = new URLSearchParams(c.var.raw.toString('utf8'));
    const refused = form.get('refuse');
    const key = refused ?? form.get('integration') ?? '';
    const integration = state.integrations.get(key);
    if (integration === undefined || !isAllowed(session, key)) return html(400, 'This link is for something else.');
    if (refused !== null) {
      webhooks.attemptFailed(failedAttempt(state, session, key), 'invalid_callback');
      return html(200, 'The account was not connected.');
    }
    connect(state, webhooks, session, key, madeUpCredentials(integration, form.get('as') ?? '', state.clock()));
    return html(200, 'The account is connected.');
  });

  return app;
}

function button(what: 'integration' | 'refuse', key: string): string {
  const label = `${what === 'integration' ? 'Connect' : 'Refuse'} ${escape(key)}`;
  return `<button name="${what}" value="${escape(key)}">${label}</button>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
