import { createHmac } from 'node:crypto';
import { signTestWebhook } from '../../../src/testing/fake-nango';
import type { ConnectionRequest } from '../../../src/requests/connection-request';
import { Program } from '../../cli/program';
import { eventually } from '../eventually';
import { tokenIn } from './ledger';
import { BY_PAGE, sawSecretOf } from './recreation';
import { setUpsByPage } from './set-ups';
import { INTEGRATION } from './setting';
import type { Stage } from './stage';

const OPERATOR = 'olive';

/** Every page of both handlers, as `temporal-nango web` serves them, and its log. */
export async function webPages(stage: Stage, settings: { [name: string]: string }): Promise<void> {
  const args = ['web', '--public', '127.0.0.1:0', '--inbox', '127.0.0.1:0', '--verify-owner'];
  const program = new Program(settings);
  const web = program.start(args);
  try {
    const visitor = new Visitor(stage);
    const pages = await web.wrote(/Public +(\S+)/);
    const inbox = await web.wrote(/Inbox +(\S+)/);
    await peopleCome(stage, visitor, pages);
    await nangoCalls(stage, visitor, pages);
    await operatorVisits(stage, visitor, inbox, settings);
  } finally {
    web.child.kill('SIGTERM');
    await web.ended;
    await program.close();
    stage.ledger.given.push(web.stdout, web.stderr);
  }
  if (!web.stderr.includes('/connect/<signed>')) throw new Error('The log does not tell of the visits');
}

async function peopleCome(stage: Stage, visitor: Visitor, pages: string): Promise<void> {
  const { ledger, world } = stage;
  const [connecting, declining] = [await openRequest(stage, 'visitor'), await openRequest(stage, 'decliner')];
  const page = (request: ConnectionRequest) => `${pages}/connect/${request.permanentLink().split('/').at(-1)}`;
  await visitor.gets(page(connecting));
  const link = ledger.secret('link that the page has made', await visitor.posts(page(connecting), { do: 'connect' }));
  ledger.secret('token in the link that the page has made', tokenIn(link));
  world.nango.complete(link, { as: ledger.secret('token of the account that a visitor connects') });
  await confirms(stage, visitor, connecting, page(connecting));
  ledger.given.push(await connecting.result());
  await visitor.gets(page(connecting));
  await visitor.gets(`${page(declining)}/decline`);
  await visitor.posts(page(declining), { do: 'decline' });
  await visitor.gets(page(declining));
  await visitor.gets(`${pages}/connect/${link}`);
  // What is asked of pages that are not there is no secret of ours, but it must not be logged.
  const typed = ledger.secret('what somebody asked for by mistake');
  ledger.worked('what somebody asked for by mistake');
  await visitor.gets(`${pages}/readyz?key=${typed}`);
  await visitor.gets(`${pages}/healthz`);
  if (new URL(page(connecting)).pathname.split('.').at(-1) === signatureOf(connecting.ref, world.config.linkKeys[0])) {
    ledger.worked('link key');
  }
}

/** Whoever has clicked says that it was them; a forged cookie, and one that is somebody else's, do not do. */
async function confirms({ ledger }: Stage, visitor: Visitor, request: ConnectionRequest, page: string): Promise<void> {
  ledger.secret('signature of the cookie of a click', visitor.cookie.split('.').at(-1));
  const { nonce } = await eventually(async () => (await request.describe())?.view.question?.unconfirmed?.[0]);
  const [link = ''] = nonce.split('.').slice(-1);
  await visitor.gets(page);
  const own = visitor.cookie;
  visitor.cookie = own.replace(/\.[\d-]+\./, '.9.');
  await visitor.posts(page, { do: 'confirm', link: '9' });
  await visitor.gets(page);
  visitor.cookie = own;
  await visitor.posts(page, { do: 'confirm', link });
  ledger.worked('signature of the cookie of a click');
}

function signatureOf(ref: ConnectionRequest['ref'], key = ''): string {
  return createHmac('sha256', key).update(['1', ref.id, ref.firstExecutionRunId].join('\n')).digest('base64url');
}

async function nangoCalls({ world, ledger }: Stage, visitor: Visitor, pages: string): Promise<void> {
  const body = JSON.stringify({ type: 'forward', payload: { said: ledger.secret('what a provider has forwarded') } });
  ledger.saw(body);
  for (const key of [world.nango.webhookSigningKey, 'guessed']) {
    await visitor.sends(`${pages}/webhooks/nango`, body, {
      'content-type': 'application/json',
      ...signTestWebhook(body, key),
    });
  }
}

async function operatorVisits(
  stage: Stage,
  visitor: Visitor,
  inbox: string,
  { TEMPORAL_NANGO_INBOX_TOKEN: token = '' }: { [name: string]: string },
): Promise<void> {
  await visitor.gets(inbox);
  await visitor.posts(`${inbox}/login`, { token: 'a wrong one', name: OPERATOR });
  await visitor.posts(`${inbox}/login`, { token, name: OPERATOR });
  if ((await visitor.gets(inbox)).includes(OPERATOR)) stage.ledger.worked('inbox token');
  for (const id of stage.started.filter((started) => started.startsWith('nango/'))) {
    const description = await stage.world.connections.describeRequest(id);
    if (description === undefined) continue;
    const page = `${inbox}/requests/${encodeURIComponent(id)}/${description.ref.firstExecutionRunId}`;
    await visitor.gets(page);
    await visitor.gets(`${page}/extras`);
    if (description.view.integration === BY_PAGE) await updatesScopes(stage, visitor, page);
    if (description.view.status === 'waiting') await visitor.posts(`${page}/extend`, { days: '30' });
  }
  await setUpsByPage(stage, inbox, visitor);
  await visitor.gets(`${inbox}/nowhere`);
}

/** What an operator types goes to Nango, and nowhere else; and what was typed wrong is not said again. */
async function updatesScopes(stage: Stage, visitor: Visitor, page: string): Promise<void> {
  const clientSecret = stage.ledger.secret('client secret that an operator types');
  await visitor.posts(`${page}/update-scopes`, { clientId: 'other', clientSecret });
  await visitor.posts(`${page}/update-scopes`, { clientId: 'id', clientSecret });
  await sawSecretOf(stage, BY_PAGE);
  await visitor.gets(page);
}

async function openRequest(stage: Stage, user: string): Promise<ConnectionRequest> {
  const wanted = { integration: INTEGRATION, endUser: { id: user, email: `${user}@example.com` } };
  const request = await stage.world.connections.ensureConnection(wanted);
  if (request.kind !== 'request') throw new Error('There was nothing to wait for');
  stage.started.push(request.ref.id);
  return request;
}

/** Somebody with a browser: all that comes back is kept, but for where a redirect leads and a cookie, which are theirs. */
class Visitor {
  cookie = '';

  constructor(private readonly stage: Stage) {}

  async gets(url: string): Promise<string> {
    return await (await this.fetches(url, {})).text();
  }

  /** @returns where it leads */
  async posts(url: string, fields: { [name: string]: string }): Promise<string> {
    const { headers } = await this.fetches(url, { method: 'POST', body: new URLSearchParams(fields) });
    this.cookie = headers.get('set-cookie')?.split(';')[0] ?? this.cookie;
    return headers.get('location') ?? '';
  }

  async sends(url: string, body: string, headers: { [name: string]: string }): Promise<void> {
    await this.fetches(url, { method: 'POST', body, headers });
  }

  private async fetches(url: string, { headers, ...request }: RequestInit): Promise<Response> {
    const own = { 'sec-fetch-site': 'same-origin', ...(this.cookie && { cookie: this.cookie }) };
    const response = await fetch(url, { redirect: 'manual', ...request, headers: { ...own, ...headers } });
    const shown = [...response.headers].filter(([name]) => name !== 'location' && name !== 'set-cookie');
    this.stage.ledger.given.push(shown, await response.clone().text());
    // A session must not hold the token itself.
    this.stage.ledger.given.push(response.headers.get('set-cookie')?.replace(/^tn_click_[^;]*/, '') ?? '');
    return response;
  }
}
