import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from '../../../nango/management-api';
import { ok, warning } from '../check';
import type { Check } from '../check';
import { PROBE_MS } from '../context';
import type { DoctorContext } from '../context';
import { mayDo } from '../may-do';
import { verdictOf } from '../verdict';
import { keyAcceptedCheck } from './key-accepted';

const CONNECTIONS = 'environment:connections:read_credentials';
const INTEGRATIONS = 'environment:integrations:read_credentials';

/** Whether what connections were granted can be looked at, where scopes are named. */
export const grantedScopesCheck: Check = {
  name: 'granted scopes',
  after: [keyAcceptedCheck],
  async run(context) {
    const mayRead = await mayDo(context.nango(), credentialsOfNone(), context.now());
    if (mayRead === undefined) {
      return warning('Nango does not say now whether they can be checked.', 'Wait a minute, and run this again.');
    }
    if (!mayRead) {
      return warning(
        `Not checked: the key lacks ${CONNECTIONS}. Every connection for which scopes were named says scopesChecked: false.`,
        `If your workflows name scopes, give the key of the worker ${CONNECTIONS} in Nango's dashboard. If none does, leave it: with the scope, Nango hands access tokens to the worker.`,
      );
    }
    const checked = 'Checked where scopes are named, if the provider tells what it granted.';
    return (await readsIntegrations(context)) === false
      ? ok(
          `${checked} What an integration asks for by itself is not known without ${INTEGRATIONS}: where its links need offline_access, name that among the scopes.`,
        )
      : ok(checked);
  },
};

/** Nango looks at the key before it looks for the connection. */
function credentialsOfNone() {
  const path = `/connections/${randomUUID()}?provider_config_key=${randomUUID()}&refresh_token=true`;
  return { method: 'GET', path };
}

const listSchema = z.looseObject({ data: z.array(z.looseObject({ unique_key: z.string() })) });
const readSchema = z.looseObject({ data: z.looseObject({ credentials: z.unknown() }) });

/**
 * Nango leaves credentials out of the response to whoever may not read them; where there are none it says `null`.
 *
 * @returns undefined where there is no integration to ask for, or in an outage
 */
async function readsIntegrations({ nango, integrations, now }: DoctorContext): Promise<boolean | undefined> {
  const { outcome: list } = await integrations();
  const listed = list.kind === 'response' ? listSchema.safeParse(parseJson(list.body)).data?.data : undefined;
  const [first] = listed ?? [];
  if (first === undefined) return undefined;
  const path = `/integrations/${encodeURIComponent(first.unique_key)}?include=credentials`;
  const read = await nango().send({ method: 'GET', path }, { deadlineMs: PROBE_MS });
  if (verdictOf(read, now())?.type === 'Nango.Forbidden') return false;
  const body = read.kind === 'response' ? readSchema.safeParse(parseJson(read.body)).data : undefined;
  return body && body.data.credentials !== undefined;
}
