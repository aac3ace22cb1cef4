import { MAX_MISSING_SCOPES } from '../../contract/limits';
import { asObject } from '../http/json-object';

/** A provider's error, as far as it may say what the grant lacks. */
export interface Refusal {
  status: number;
  /** names in lower case */
  headers: Record<string, string>;
  /** empty if it is no JSON object */
  body: Record<string, unknown>;
}

/**
 * What may be the names of scopes, none where the provider names none. Undefined: it does not say that scopes are missing.
 */
type Spelling = (refusal: Refusal) => unknown[] | undefined;

/**
 * How providers say it. Left alone, since they say as much of other things: GitHub's 404, and `accessDenied`,
 * `Authorization_RequestDenied` and the like of Microsoft Graph. A 200 is a success, whatever is in it, Slack's too.
 */
const SPELLINGS: Spelling[] = [challenge, oauthCode, gitHubScopes, gitHubPermissions, google, hubSpot, slack];

/** What a name looks like: no sentence, no address with a user in it, no query. */
export const SCOPE_NAME = /^[\w:./*+=-]{1,255}$/;
/** A parameter of a challenge. What is quoted is taken as one, so that nothing in a description passes for another. */
const PARAMETER = /(?<![\w-])(?<name>[\w-]+)\s*=\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<token>[^\s,"]+))/g;

/**
 * Whether a provider's error says that the grant lacks scopes.
 *
 * @returns their names, of several that would do all; empty: it does not name them; undefined: it does not say so
 */
export function missingScopesIn(refusal: Refusal): string[] | undefined {
  const said = SPELLINGS.map((spelling) => spelling(refusal)).filter((names) => names !== undefined);
  if (said.length === 0) return undefined;
  const texts = said.flat().filter((name) => typeof name === 'string');
  return [...new Set(texts.filter((name) => SCOPE_NAME.test(name)))].slice(0, MAX_MISSING_SCOPES);
}

/** https://www.rfc-editor.org/rfc/rfc6750#section-3.1: 403, and some say it with 401. Google names its scopes so. */
function challenge({ status, headers }: Refusal): string[] | undefined {
  if (status !== 401 && status !== 403) return undefined;
  const parameters = [...(headers['www-authenticate'] ?? '').matchAll(PARAMETER)].map(({ groups = {} }) => groups);
  const valueOf = (name: string): string | undefined => {
    const found = parameters.find((parameter) => parameter.name?.toLowerCase() === name);
    return found?.quoted ?? found?.token;
  };
  return valueOf('error') === 'insufficient_scope' ? words(valueOf('scope')) : undefined;
}

/**
 * The same code in a body: `error` and `scope` of GitLab (https://github.com/fh1ch/passport-gitlab2/issues/5), and
 * `errorCode` of Auth0, which names scopes in a sentence only
 * (https://community.auth0.com/t/management-api-token-from-api-explorer-tab-does-not-contain-expected-scopes/144385).
 */
function oauthCode({ status, body: { error, errorCode, code, scope } }: Refusal): string[] | undefined {
  const codes = [error, errorCode, code, asObject(error).code];
  return status === 403 && codes.includes('insufficient_scope') ? words(scope) : undefined;
}

/**
 * Of an OAuth app: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps. With a 403 it
 * also refuses what is over a limit, with headers that say so
 * (https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#rate-limit-errors), and whoever has
 * not signed on (https://github.com/octokit/node-github/issues/663). What is granted permissions has no scopes.
 */
function gitHubScopes({ status, headers }: Refusal): string[] | undefined {
  const granted = headers['x-oauth-scopes'];
  const accepted = words(headers['x-accepted-oauth-scopes']);
  if (status !== 403 || granted === undefined || accepted.length === 0) return undefined;
  if (headers['x-ratelimit-remaining'] === '0') return undefined;
  const others = ['retry-after', 'x-github-sso', 'x-accepted-github-permissions'];
  if (others.some((name) => headers[name] !== undefined)) return undefined;
  const names = new Set(words(granted));
  return accepted.some((scope) => names.has(scope)) ? undefined : accepted;
}

/**
 * Of a GitHub App, or a fine-grained token. The header comes with successes too, and lists sets of permissions:
 * https://github.blog/changelog/2023-08-10-x-accepted-github-permissions-header-for-fine-grained-permission-actors/
 */
function gitHubPermissions({ status, headers, body: { message } }: Refusal): string[] | undefined {
  const accepted = headers['x-accepted-github-permissions'];
  if (status !== 403 || accepted === undefined || typeof message !== 'string') return undefined;
  if (!/^Resource not accessible by (integration|personal access token)$/.test(message)) return undefined;
  return words(accepted).filter((permission) => /^\w+=(read|write|admin)$/.test(permission));
}

/**
 * https://github.com/analogdotnow/Analog/issues/296 has both forms. The reason of the older one is also given where
 * the person has no account or may not see a profile, in other words:
 * https://github.com/rainlab/googleanalytics-plugin/issues/83.
 */
function google({ status, body: { error } }: Refusal): string[] | undefined {
  const { details, errors } = asObject(error);
  const inDetails = list(details).some(({ reason }) => reason === 'ACCESS_TOKEN_SCOPE_INSUFFICIENT');
  const inErrors = list(errors).some(
    ({ reason, message }) => reason === 'insufficientPermissions' && /^Insufficient Permission\b/.test(String(message)),
  );
  return status === 403 && (inDetails || inErrors) ? [] : undefined;
}

/**
 * https://github.com/HubSpot/hubspot-api-nodejs/issues/268; with `requiredGranularScopes`:
 * https://eshopman-com.pages.dev/insights/hubspot-development/hubspot-api-missing-scopes-error-demystifying-403-forbidden-for-e-commerce-integrations/
 */
function hubSpot({ status, body: { category, errors } }: Refusal): unknown[] | undefined {
  if (status !== 403 || category !== 'MISSING_SCOPES') return undefined;
  return list(errors).flatMap(({ context }) => {
    const { requiredGranularScopes, requiredScopes } = asObject(context);
    return [requiredGranularScopes, requiredScopes].flat();
  });
}

/** https://github.com/slack-samples/javascript-announcement-bot/issues/13; as a rule with 200, which is a success. */
function slack({ status, body: { ok, error, needed } }: Refusal): string[] | undefined {
  if (status < 400 || status > 499) return undefined;
  return ok === false && error === 'missing_scope' ? words(needed) : undefined;
}

function words(text: unknown): string[] {
  return typeof text === 'string' ? text.split(/[\s,;]+/).filter((word) => word !== '') : [];
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(asObject) : [];
}
