import { z } from 'zod';
import { invalid } from '../contract/errors';
import type { AppField, MadeIntegration, SetUpSubject } from '../contract/types';
import { readError } from './http/nango-error';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';
import type { HttpOutcome } from './http/outcome';
import { listIntegrations } from './integrations';
import { shapeOf } from './management-api';
import { classify } from './verdict/classify';
import { succeeded } from './verdict/fail';

/** A developer app of one's own, with the values of its credentials. Secret: never log it. */
export interface DeveloperApp {
  /** of the provider, as Nango names it */
  authMode: string;
  values: { readonly [field in AppField]?: string };
  /** requested by links of the integration; default: the provider's */
  scopes?: readonly string[];
}

/** A second one of the same key is refused, so a repetition makes no second integration. */
const REPEATABLE = { route: 'management', repeatable: true } as const;

const madeSchema = z.looseObject({ data: z.looseObject({ unique_key: z.string(), provider: z.string() }) });

const NAMES = {
  clientId: 'client_id',
  clientSecret: 'client_secret',
  appId: 'app_id',
  appLink: 'app_link',
  privateKey: 'private_key',
} as const satisfies Record<AppField, string>;

/** An integration by its key; needs `environment:integrations:list` only. @returns nothing if there is none */
export async function findIntegration(
  api: NangoApi,
  integration: string,
  bounds: Bounds,
): Promise<MadeIntegration | undefined> {
  const found = (await listIntegrations(api, bounds)).find(({ key }) => key === integration);
  return found && { integration, provider: found.provider };
}

/**
 * Makes an integration. https://nango.dev/docs/reference/api/integration/create
 *
 * Where it may have been made already, by an earlier try or by hand, it is looked up, and that one is returned.
 *
 * @param app default: the provider needs none
 * @throws Nango.InvalidRequest with the field `provider`, `integration` or `credentials`; Nango.Forbidden
 *   (`environment:integrations:create`), Nango.Misconfigured, Nango.PlanLimit, Nango.RateLimited, Nango.Unavailable
 */
export async function createIntegration(
  api: NangoApi,
  subject: SetUpSubject,
  app: DeveloperApp | undefined,
  bounds: Bounds,
): Promise<MadeIntegration> {
  const existing = await findIntegration(api, subject.integration, bounds);
  if (existing !== undefined) return existing;
  const body = { provider: subject.provider, unique_key: subject.integration, credentials: app && credentialsOf(app) };
  const outcome = await api.send({ method: 'POST', path: '/integrations', body }, bounds);
  if (isTaken(outcome)) return await takenBy(api, subject, bounds);
  refuseByField(outcome);
  if (app !== undefined && isRefusedBody(outcome)) throw invalid('credentials', 'are refused by Nango');
  return madeOf(api, outcome);
}

/**
 * The same with the developer app that Nango lends. https://nango.dev/docs/reference/api/integration/quickstart
 *
 * @returns nothing where Nango lends none
 * @throws as {@link createIntegration}
 */
export async function quickstartIntegration(
  api: NangoApi,
  subject: SetUpSubject,
  bounds: Bounds,
): Promise<MadeIntegration | undefined> {
  const existing = await findIntegration(api, subject.integration, bounds);
  if (existing !== undefined) return existing;
  const body = { provider: subject.provider, unique_key: subject.integration };
  const outcome = await api.send({ method: 'POST', path: '/integrations/quickstart', body }, bounds);
  if (isTaken(outcome)) return await takenBy(api, subject, bounds);
  refuseByField(outcome);
  // A server from before there were apps to lend knows no such address.
  const lendsNone = isRefusedBody(outcome) || (outcome.kind === 'response' && outcome.status === 404);
  return lendsNone ? undefined : madeOf(api, outcome);
}

function credentialsOf({ authMode, values, scopes = [] }: DeveloperApp): object {
  const isClient = 'clientId' in values && !('appId' in values);
  const named = Object.entries(values).map(([field, value]) => [NAMES[field as AppField], value]);
  return {
    type: authMode,
    ...(Object.fromEntries(named) as object),
    // An installed app has those that it was registered with; others are the provider's by default.
    ...(isClient && areTaken(scopes) && { scopes: scopes.join(',') }),
  };
}

/** What Nango takes as a list: a provider's own may hold other characters. */
function areTaken(scopes: readonly string[]): boolean {
  return scopes.length > 0 && scopes.every((scope) => /^[0-9a-zA-Z:/_.*-]+$/.test(scope));
}

function madeOf(api: NangoApi, outcome: HttpOutcome): MadeIntegration {
  const response = succeeded(outcome, classify(REPEATABLE, outcome, Date.now()), api.keyName);
  const { data } = shapeOf(response, madeSchema);
  return { integration: data.unique_key, provider: data.provider };
}

/** Somebody has made one of this key since it was looked up. */
async function takenBy(api: NangoApi, { integration, provider }: SetUpSubject, bounds: Bounds) {
  return (await findIntegration(api, integration, bounds)) ?? { integration, provider };
}

function isTaken(outcome: HttpOutcome): boolean {
  return refusedField(outcome) === 'uniqueKey';
}

/** What was said wrongly, as the caller named it. */
function refuseByField(outcome: HttpOutcome): void {
  const field = refusedField(outcome);
  if (field === 'provider') throw invalid('provider', 'is none that Nango knows');
  if (field === 'unique_key') throw invalid('integration', 'is no key that Nango takes');
}

function refusedField(outcome: HttpOutcome): string | undefined {
  return outcome.kind === 'response' && isRefusedBody(outcome) ? readError(outcome).field : undefined;
}

function isRefusedBody(outcome: HttpOutcome): boolean {
  return outcome.kind === 'response' && outcome.status === 400 && readError(outcome).code === 'invalid_body';
}
