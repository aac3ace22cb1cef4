import { randomUUID } from 'node:crypto';
import type { HttpRequest } from '../../../nango/http/http';
import { failed, ok, warning } from '../check';
import type { Check } from '../check';
import { mayDo } from '../may-do';
import { keyAcceptedCheck } from './key-accepted';

/** A scope, without the prefix `environment:`, and a request that Nango refuses for lack of it and that changes nothing. */
interface Probe {
  scope: string;
  request: () => HttpRequest;
  /** what does not work without it; undefined: everything that is promised does */
  needed?: string;
}

/** Nango looks at the key's scopes before it looks at what is asked. So what it must not do is asked for in a wrong form. */
const PROBES: Probe[] = [
  { scope: 'integrations:list', needed: 'looking a connection up', request: () => get('/integrations') },
  { scope: 'connections:list', needed: 'finding connections', request: () => get('/connections?limit=1') },
  { scope: 'connections:read', needed: 'reading a connection', request: () => get(unknownConnection()) },
  {
    scope: 'connections:update',
    needed: 'reconnecting, adopting',
    request: () => wrong('PATCH', '/connections/metadata'),
  },
  {
    scope: 'connections:delete',
    needed: 'disconnecting',
    request: () => wrong('DELETE', `/connections/${randomUUID()}`),
  },
  { scope: 'connect_sessions:write', needed: 'making links', request: () => wrong('POST', '/connect/sessions') },
  { scope: 'proxy', needed: 'proxied calls', request: () => get('/proxy/') },
  { scope: 'actions:execute', needed: 'actions', request: () => get(`/action/${randomUUID()}`) },
  { scope: 'integrations:create', request: () => wrong('POST', '/integrations') },
  { scope: 'functions:list', request: () => get(`/integrations/${randomUUID()}/functions`) },
];

const LINKS = 'connect_sessions:write';

/** What the key may do and what not, from what Nango answers. */
export const scopesCheck: Check = {
  name: 'scopes',
  after: [keyAcceptedCheck],
  async run({ settings, nango, now }) {
    const { connectKey } = settings();
    const secret = nango();
    // With a key of their own for links, this one needs no scope for them.
    const probes = PROBES.filter(({ scope }) => scope !== LINKS || connectKey === undefined);
    const probed = await Promise.all(
      probes.map(async (probe) => ({ ...probe, may: await mayDo(secret, probe.request(), now()) })),
    );
    const named = (wanted: boolean | undefined) => probed.filter(({ may }) => may === wanted).map(({ scope }) => scope);
    const says = [
      `It may: ${list(named(true))}.`,
      ...(named(false).length > 0 ? [`It may not: ${list(named(false))}.`] : []),
      ...(named(undefined).length > 0 ? [`Not known: ${list(named(undefined))}.`] : []),
    ].join(' ');
    const lacking = probed.filter(({ may, needed }) => may === false && needed !== undefined);
    if (lacking.length > 0) {
      const what = lacking.map(({ scope, needed }) => `environment:${scope} (${needed})`);
      return failed(
        says,
        `In Nango's dashboard give the key these scopes, or make one that has them: ${what.join(', ')}.`,
      );
    }
    return named(undefined).length > 0 ? warning(says, 'Wait a minute, and run this again.') : ok(says);
  },
};

function get(path: string): HttpRequest {
  return { method: 'GET', path };
}

/** Without what the route requires. */
function wrong(method: string, path: string): HttpRequest {
  return { method, path, body: {} };
}

function unknownConnection(): string {
  return `/connections/${randomUUID()}?provider_config_key=${randomUUID()}`;
}

function list(scopes: string[]): string {
  return scopes.length === 0 ? 'nothing' : scopes.join(', ');
}
