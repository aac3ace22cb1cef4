import { Hono } from 'hono';
import { connect, failedAttempt, isAllowed } from '../connect';
import { madeUpCredentials } from '../credentials';
import type { Env } from '../env';
import { escapeHtml, message, page } from '../page';
import type { ConnectSession, Integration, State } from '../state';
import type { Webhooks } from '../webhooks';

/**
 * Where a connect link leads: a page on which a person says who they are, and connects or refuses. The form posts to the
 * link itself: `as` is the account, and either `integration` or `refuse` the key of the integration.
 */
export function connectPageRoutes(state: State, webhooks: Webhooks): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/', (c) => {
    const session = state.session(c.req.query('session_token') ?? '');
    if (session === undefined) return uselessLink(200);
    const offered = [...state.integrations.values()].filter(({ key }) => isAllowed(session, key));
    return offered.length === 0 ? wrongLink() : page(200, titleOf(offered), form(offered));
  });

  app.post('/', (c) => {
    const session = state.session(c.req.query('session_token') ?? '');
    if (session === undefined) return uselessLink(404);
    const form = new URLSearchParams(c.var.raw.toString('utf8'));
    const refused = form.get('refuse');
    const integration = allowed(state, session, refused ?? form.get('integration') ?? '');
    if (integration === undefined) return wrongLink();
    const { key, displayName } = integration;
    if (refused !== null) {
      webhooks.attemptFailed(failedAttempt(state, session, key), 'invalid_callback');
      return message(200, 'Not connected', `Your ${displayName} account was not connected. You can close this window.`);
    }
    connect(state, webhooks, session, key, madeUpCredentials(integration, form.get('as') ?? '', state.clock()));
    return message(200, 'Connected', `Your ${displayName} account is connected. You can close this window.`);
  });

  return app;
}

function allowed(state: State, session: ConnectSession, key: string): Integration | undefined {
  return isAllowed(session, key) ? state.integrations.get(key) : undefined;
}

function uselessLink(status: 200 | 404): Response {
  return message(status, 'This link does not work', 'It is unknown, or has expired. Ask for another one.');
}

function wrongLink(): Response {
  return message(400, 'This link is for something else', 'It does not connect such an account.');
}

function titleOf([first, ...others]: Integration[]): string {
  return `Connect ${others.length === 0 && first !== undefined ? first.displayName : 'an account'}`;
}

function form(offered: Integration[]): string {
  const choices = offered.map((integration) => {
    // One name may stand for several.
    const name = offered.length === 1 ? '' : ` ${integration.displayName} (${integration.key})`;
    const value = `value="${escapeHtml(integration.key)}"`;
    return `<p class="choice">
<button name="integration" ${value}>Connect${escapeHtml(name)}</button>
<button name="refuse" ${value} formnovalidate>Refuse${escapeHtml(name)}</button>
</p>`;
  });
  return `<p>This is a Nango for tests: any name will do, and no real account is touched.</p>
<form method="post">
<label for="as">Account</label>
<input id="as" name="as" value="me" required autocomplete="off">
${choices.join('\n')}
</form>`;
}
