import { Hono } from 'hono';
import { ZodError } from 'zod';
import { connect, failedAttempt, isAllowed, obstacle, reconnected } from '../connect';
import { connectForms } from '../connect-form';
import { madeUpAccount } from '../credentials';
import type { Account, Person } from '../credentials';
import type { Env } from '../env';
import { message, page } from '../page';
import { verify } from '../provider-http';
import type { ConnectSession, Integration, State } from '../state';
import type { Webhooks } from '../webhooks';

/**
 * Where a connect link leads: a page on which a person says who they are, or types what the mode of the provider wants,
 * and connects or refuses. The form posts to the link itself: `as` is the account, `grant` the scopes that the person
 * grants, and either `integration` or `refuse` the key of the integration.
 */
export function connectPageRoutes(state: State, webhooks: Webhooks): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/', (c) => {
    const session = state.session(c.req.query('session_token') ?? '');
    if (session === undefined) return uselessLink(200);
    const offered = [...state.integrations.values()].filter(({ key }) => isAllowed(session, key));
    if (offered.length === 0) return wrongLink();
    const offers = offered.map((integration) => ({
      ...{ integration, session, existing: reconnected(state, session, integration.key) },
    }));
    return page(200, titleOf(offered), connectForms(offers));
  });

  app.post('/', async (c) => {
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
    const reason = obstacle(integration);
    if (reason !== undefined) return message(400, 'Not connected', reason);
    const account = accountOf(session, integration, form);
    if (account === undefined || !(await verify(integration.provider, account.credentials))) {
      return message(400, 'Not connected', 'These credentials do not fit, or the provider refuses them.');
    }
    connect(state, webhooks, session, key, account.credentials, account.config);
    return message(200, 'Connected', `Your ${displayName} account is connected. You can close this window.`);
  });

  /** @returns undefined if what was typed has another form */
  function accountOf(session: ConnectSession, integration: Integration, form: URLSearchParams): Account | undefined {
    const existing = reconnected(state, session, integration.key);
    try {
      return madeUpAccount(integration, personOf(form), state.clock(), session, existing);
    } catch (error) {
      if (error instanceof ZodError) return undefined;
      throw error;
    }
  }

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

/** What a form says. Where it has no account, the first value says whose it is. */
function personOf(form: URLSearchParams): Person {
  const { grant, ...typed } = Object.fromEntries(form);
  const [as = ''] = form.has('as') ? form.getAll('as') : form.values();
  return { as, typed, grant: grant?.split(/[\s,]+/).filter((scope) => scope !== '') };
}
