import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import type { Context, MiddlewareHandler } from 'hono';
import type { Child } from 'hono/jsx';
import { checkName } from '../../contract/rules/text';
import { show } from '../layout';
import { addressOf } from '../client-address';
import { RateLimit } from '../rate-limit';
import { inboxTexts } from '../texts/current';
import { safeWay } from './address';
import { withForm } from './form';
import type { FormEnv } from './form';
import { Notice } from './frame';
import { belowRoot, rootOf } from './root';
import { closeSession, openSession } from './session';

const WRONG_TOKENS_PER_MINUTE = 10;

interface LoginEnv {
  Variables: FormEnv['Variables'] & { forgive: () => void };
}

/** Signing in with the token, and out. After ten wrong tokens in a minute nothing from that address is looked at. */
export function login(token: string): Hono<LoginEnv> {
  const wrong = new RateLimit(WRONG_TOKENS_PER_MINUTE);
  const address = addressOf(0);
  const app = new Hono<LoginEnv>();

  /** Before the form is read: it may be held back until others have been looked at. */
  const counted: MiddlewareHandler<LoginEnv> = async (c, next) => {
    const { retryAfter, forgive } = wrong.attempt(address(c));
    if (retryAfter !== undefined) {
      c.header('Retry-After', String(retryAfter));
      return show(c, <Login root={rootOf(c)} wrong={inboxTexts().login.limited(retryAfter)} />, 429);
    }
    c.set('forgive', forgive);
    await next();
  };

  // A link preview fetches the address that holds the token: the form is filled in, nobody is signed in.
  app.get('/login', (c) => show(c, <Login root={rootOf(c)} token={c.req.query('token')} />));

  app.post('/login', counted, withForm, async (c) => {
    const root = rootOf(c);
    const { token: given = '', name: typed = '', to } = c.var.form;
    const name = typed.trim();
    const again = { root, name, to: safeWay(to) };
    if (!isSame(given.trim(), token)) return show(c, <Login {...again} wrong={inboxTexts().login.wrongToken} />, 401);
    c.var.forgive();
    if (!isName(name)) return show(c, <Login {...again} wrong={inboxTexts().login.wrongName} />, 400);
    await openSession(c, token, { name });
    return c.redirect(`${root}${safeWay(to)}`, 303);
  });

  app.post('/logout', withForm, (c) => {
    closeSession(c);
    return c.redirect(`${rootOf(c)}login`, 303);
  });

  return app;
}

/** What somebody sees who is not signed in: the form, and where it leads back to. */
export function signIn(c: Context): Response {
  const to = c.req.method === 'GET' ? safeWay(belowRoot(c) + new URL(c.req.url).search) : '';
  return show(c, <Login root={rootOf(c)} to={to} />, 401);
}

interface LoginProps {
  root: string;
  token?: string;
  name?: string;
  to?: string;
  wrong?: string;
}

function Login({ root, token, name, to, wrong }: LoginProps): Child {
  const { login } = inboxTexts();
  return (
    <Notice title={login.title} root={root}>
      {wrong !== undefined && (
        <p class="state-bad" role="alert">
          {wrong}
        </p>
      )}
      <form class="fields" method="post" action={`${root}login`}>
        <label for="token">{login.token}</label>
        <input
          id="token"
          name="token"
          type="password"
          value={token}
          required
          autocomplete="current-password"
          aria-describedby="token-hint"
        />
        <p id="token-hint" class="quiet">
          {login.tokenHint}
        </p>
        <label for="name">{login.name}</label>
        <input
          id="name"
          name="name"
          value={name}
          required
          maxlength={255}
          autocomplete="username"
          aria-describedby="name-hint"
        />
        <p id="name-hint" class="quiet">
          {login.nameHint}
        </p>
        {to !== undefined && <input type="hidden" name="to" value={to} />}
        <button class="primary">{login.submit}</button>
      </form>
    </Notice>
  );
}

/** Takes the same time whatever was given. */
function isSame(given: string, token: string): boolean {
  const [a, b] = [given, token].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a!, b!);
}

function isName(name: string): boolean {
  try {
    checkName(name, 'name');
    return true;
  } catch {
    return false;
  }
}
