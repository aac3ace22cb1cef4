import { isOwnRefusal } from './own-refusals';
import { isFlagged, isHtml, readError } from '../http/nango-error';
import type { ErrorBody } from '../http/nango-error';
import { TOO_LARGE } from '../http/outcome';
import type { HttpResponse, HttpOutcome, NetworkError } from '../http/outcome';
import { nangoRetryAfterMs, providerRetryAfterMs } from '../http/rate-limit';
import { missingScopesIn } from './missing-scopes';
import type { Refusal } from './missing-scopes';
import { RECHECK_CONNECTION, final, mayHaveRun, notRun, refreshFailing } from './verdict';
import type { RequestTraits, Named, Verdict } from './verdict';

/** Said of a connection that is being made, and never of one that was. */
const NEVER_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/;
/** What Nango says of a provider that it did not reach. */
const NOT_REACHED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
/** Something answered that does not speak HTTP, or not over TLS as told: the base URL is wrong. */
const NOT_HTTP =
  /^(HPE_|ERR_SSL_|ERR_TLS_|EPROTO$|CERT_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_)/;
const NANGO_401 =
  /^(missing_auth_header|malformed_auth_header|invalid_secret_key_format|unknown_account|(invalid|unknown)_connect_session_token(_format)?)$/;
/** Spelled out, so that no word of a provider's passes for a scope. */
const SCOPE_ERROR = new RegExp(
  '^(?:Insufficient scope\\. )?Required(?: one of)?: (?<scope>(?:environment|account):(?:proxy|deploy|mcp|' +
    '(?:connections|integrations|connect_sessions|actions|functions|syncs|records|variables|environments):' +
    '(?:list|read|create|update|delete|write|execute|compile|dryrun|list_functions|list_credentials|read_credentials)' +
    '))(?: or |$)',
);
const SCRIPT_FAILED =
  /^(action_script_runtime_error|script_internal_error|script_aborted|script_output_too_large|function_runtime_(out_of_memory|timed_out|other))$/;
/** How the proxy begins to say that it has no token that can be used. */
const NO_CREDENTIALS = /^Failed to get connection credentials\b/;
/** What reading a connection says once Nango has given up, after failures on four days; until then it tries again. */
const REFRESH_EXHAUSTED = /^The refresh limit has been reached\b/;

/**
 * From (request, response or network error) to the taxonomy. Pure, and in the order of the design's table. Nango's
 * proxy marks nothing, so a response with one of its own codes may still be a provider's: then the connection is read.
 *
 * @param connection what `GET /connections/:id` said, once it was read
 * @returns undefined for a success
 */
export function classify(
  traits: RequestTraits,
  outcome: HttpOutcome,
  now: number,
  connection?: HttpOutcome,
): Verdict | typeof RECHECK_CONNECTION | undefined {
  if (outcome.kind === 'networkError') return classifyNetworkError(traits, outcome);
  const { status, headers } = outcome;
  if (status >= 200 && status < 300) return classifySuccess(traits, outcome, connection);
  const error = readError(outcome);
  const { code } = error;

  // ---- said in the same way on every route
  if (status === 401 && code !== undefined && NANGO_401.test(code)) return final('Nango.Misconfigured', status, code);
  const scope = SCOPE_ERROR.exec(error.message)?.groups?.scope;
  if (status === 403 && code === 'forbidden' && scope !== undefined) {
    return { ...final('Nango.Forbidden', status, code), scope };
  }
  if (status === 429 && isOwnRefusal(status, error)) {
    const retryAfterMs = nangoRetryAfterMs(headers, now);
    return notRun(traits, { type: 'Nango.RateLimited', retryable: traits.repeatable, status, code, retryAfterMs });
  }
  if (status === 429) return classifyOtherLimit(traits, status, providerRetryAfterMs(headers, now));
  if (status === 402 && code === 'plan_limit') return final('Nango.PlanLimit', status, code);
  // Nango itself redirects nothing: it is not where it was said to be, as with http for https.
  if (isRedirect(status) && traits.route !== 'proxy') return final('Nango.Misconfigured', status);

  switch (traits.route) {
    case 'management':
      return classifyManagement(traits, outcome, error);
    case 'action':
      return classifyAction(traits, outcome, error);
    case 'proxy':
      return classifyProxy(traits, outcome, error, now, connection);
  }
}

function classifyNetworkError(traits: RequestTraits, { code, unsent, status }: NetworkError): Verdict {
  if (code === TOO_LARGE) return classifyUnread(traits, code, status);
  if (code === 'UND_ERR_INVALID_ARG') return { type: 'Nango.InvalidRequest', retryable: false, code };
  // What breaks off in the middle of a response looks the same, and then a write has run.
  if (code === 'HPE_INVALID' && !traits.repeatable) return mayHaveRun(traits, 'Nango.Unavailable', undefined, code);
  if (NOT_HTTP.test(code)) return { type: 'Nango.Misconfigured', retryable: false, code };
  if (unsent || NEVER_SENT.test(code)) {
    return notRun(traits, { type: 'Nango.Unavailable', retryable: traits.repeatable, code });
  }
  return mayHaveRun(traits, 'Nango.Unavailable', undefined, code);
}

/** A response that was not read for its size: that it was a success, its status alone says. */
function classifyUnread(traits: RequestTraits, code: string, status?: number): Verdict {
  if (status !== undefined && status >= 500) return mayHaveRun(traits, 'Nango.Unavailable', status, code);
  const isRefusal = status !== undefined && status >= 400 && traits.route === 'proxy';
  return final(isRefusal ? 'Nango.ProviderRejected' : 'Nango.ResponseTooLarge', status, code);
}

/** A provider's limit, or that of something in front of Nango: the status says that the request was refused. */
function classifyOtherLimit(traits: RequestTraits, status: number, retryAfterMs: number): Verdict {
  // No provider takes part in management.
  const type = traits.route === 'management' ? 'Nango.RateLimited' : 'Nango.ProviderRateLimited';
  // Nango answers for an action, and says this of none; so it is not known what has run.
  if (traits.route === 'action' && !traits.repeatable) return mayHaveRun(traits, type, status);
  return notRun(traits, { type, retryable: traits.repeatable, status, retryAfterMs });
}

/** A page where JSON was expected comes from a server that is not Nango; a proxied page may be the provider's. */
function classifySuccess(
  traits: RequestTraits,
  response: HttpResponse,
  connection?: HttpOutcome,
): Verdict | typeof RECHECK_CONNECTION | undefined {
  if (!isHtml(response)) return undefined;
  if (traits.route !== 'proxy') return final('Nango.Misconfigured', response.status);
  if (connection === undefined) return RECHECK_CONNECTION;
  if (connection.kind === 'networkError') return mayHaveRun(traits, 'Nango.Unavailable', undefined, connection.code);
  if (!isHtml(connection)) return undefined;
  // A gateway in front of Nango has a page of its own for when it is down.
  if (!isConclusive(response, connection)) return mayHaveRun(traits, 'Nango.Unavailable', connection.status);
  return final('Nango.Misconfigured', response.status);
}

function classifyManagement(traits: RequestTraits, response: HttpResponse, { code, field }: ErrorBody): Verdict {
  const { status } = response;
  // It has not begun.
  if (code === 'execution_environment_unavailable') {
    return notRun(traits, { type: 'Nango.Unavailable', retryable: traits.repeatable, status, code });
  }
  if (isHtml(response) && status < 500) return final('Nango.Misconfigured', status);
  if (status >= 500) return mayHaveRun(traits, 'Nango.Unavailable', status, code);
  if (status === 403) return final('Nango.Forbidden', status, code);
  if (code === 'resource_capped' || code === 'plan_limit') return final('Nango.PlanLimit', status, code);
  if (code === 'unknown_provider_config' || code === 'integration_not_found') {
    return final('Nango.IntegrationNotFound', status, code);
  }
  // A session for an integration that does not exist: its name is the only thing in that list.
  if (code === 'invalid_body' && field === 'allowed_integrations') {
    return final('Nango.IntegrationNotFound', status, code);
  }
  if (code === 'unknown_connection' || code === 'connection_not_found' || code === 'not_found') {
    return final('Nango.ConnectionNotFound', status, code);
  }
  if (code === 'invalid_credentials') return refreshFailing(traits, status, code);
  // Not ours to retry: it says that a request of ours was malformed.
  return final('Nango.InvalidRequest', status, code);
}

function classifyProxy(
  traits: RequestTraits,
  response: HttpResponse,
  error: ErrorBody,
  now: number,
  connection?: HttpOutcome,
): Verdict | typeof RECHECK_CONNECTION {
  const { status } = response;
  const { code, networkCode, body } = error;
  if (status === 424 && isOwnRefusal(status, error)) return notRun(traits, refreshFailing(traits, status, code));
  if (status >= 500) {
    // A provider that Nango could not reach: a body of Nango's making, without `error`.
    if (networkCode !== undefined && NOT_REACHED.test(networkCode)) {
      return { type: 'Nango.ProviderUnavailable', retryable: traits.repeatable, status, code: networkCode };
    }
    // A page that came through Nango has the header of its limit; that of a gateway in front of Nango has not.
    const gatewayPage = isHtml(response) && response.headers['x-ratelimit-limit'] === undefined;
    const ownFailure = networkCode === undefined && (code !== undefined || response.body.length === 0 || gatewayPage);
    return mayHaveRun(traits, ownFailure ? 'Nango.Unavailable' : 'Nango.ProviderUnavailable', status, networkCode);
  }
  const doubtful = isRedirect(status) || ([400, 404, 424].includes(status) && (code !== undefined || isHtml(response)));
  if (!doubtful) {
    return scopesMissing({ status, headers: response.headers, body }) ?? final('Nango.ProviderRejected', status);
  }
  if (connection === undefined) return RECHECK_CONNECTION;
  const named = classifyConnection(traits, response, connection, now) ?? final('Nango.ProviderRejected', status);
  // A redirect is the provider's own, which may have carried out a write, whatever the connection says of itself.
  const isOpen = isRedirect(status) && !traits.repeatable && isOfConnection(named, connection);
  return isOpen ? mayHaveRun(traits, named.type, status) : named;
}

/** Whether a failure is that of the connection as it was read; what answers with pages or redirects there is not Nango. */
function isOfConnection({ type }: Named, connection: HttpOutcome): boolean {
  if (type === 'Nango.ProviderRejected' || type === 'Nango.OutcomeUnknown') return false;
  return connection.kind === 'response' && !isHtml(connection) && !isRedirect(connection.status);
}

/**
 * Whether reading the connection said anything about a doubtful response; while it has not, it is read again. A limit,
 * an outage and a timeout say nothing.
 */
export function isConclusive(doubtful: HttpResponse, outcome: HttpOutcome): boolean {
  if (outcome.kind === 'networkError') return false;
  // Whose a page is, any JSON tells.
  if (doubtful.status < 300 && !isHtml(outcome)) return true;
  return outcome.status < 500 && outcome.status !== 408 && outcome.status !== 429;
}

/**
 * What the state of the connection says about a doubtful error; undefined if it is fine: then it was the provider's. It
 * names the failure and nothing more: it was read after the write, so it cannot say that the write did not run.
 */
function classifyConnection(
  traits: RequestTraits,
  doubtful: HttpResponse,
  outcome: HttpOutcome,
  now: number,
): Named | undefined {
  if (outcome.kind === 'networkError') return mayHaveRun(traits, 'Nango.Unavailable', undefined, outcome.code);
  const { status, headers } = outcome;
  const { code, message } = readError(outcome);
  if (!isConclusive(doubtful, outcome)) {
    const open = mayHaveRun(traits, 'Nango.Unavailable', status, code);
    return status === 429 && traits.repeatable ? { ...open, retryAfterMs: nangoRetryAfterMs(headers, now) } : open;
  }
  if (isHtml(outcome) || isRedirect(status)) return final('Nango.Misconfigured', status);
  // A key that may not read connections cannot tell whose the error is: better to say what is missing.
  if (status === 401 || status === 403)
    return classify({ route: 'management', repeatable: true }, outcome, now) as Verdict;
  if (code === 'unknown_provider_config') return final('Nango.IntegrationNotFound', status, code);
  if (code === 'not_found') return final('Nango.ConnectionNotFound', status, code);
  if (code === 'invalid_credentials') {
    // The same code and status as in back-off; Nango says nothing else that tells them apart.
    if (REFRESH_EXHAUSTED.test(message)) return final('Nango.ReconnectRequired', status, code);
    return refreshFailing(traits, status, code);
  }
  return isFlagged(outcome) ? classifyFlagged(traits, doubtful) : undefined;
}

/**
 * To a key that may not see credentials a connection whose refresh failed comes with 200 and says so in `errors`,
 * also long after; so the doubtful response must speak of the refresh as well.
 */
function classifyFlagged(traits: RequestTraits, doubtful: HttpResponse): Named | undefined {
  const { status } = doubtful;
  const { code, message } = readError(doubtful);
  if (status === 424 && code === 'server_error') return final('Nango.ReconnectRequired', status, code);
  const failed = status === 400 && code === 'server_error' && NO_CREDENTIALS.test(message);
  const backsOff = status === 424 && code === 'connection_refresh_backoff';
  return failed || backsOff ? refreshFailing(traits, status, code) : undefined;
}

function classifyAction(traits: RequestTraits, response: HttpResponse, error: ErrorBody): Named {
  const { status } = response;
  const { code = '', upstreamStatus, upstreamBody } = error;
  if (code === 'unknown_connection') return final('Nango.ConnectionNotFound', status, code);
  if (code.startsWith('unknown_provider')) return final('Nango.IntegrationNotFound', status, code);
  if (isHtml(response) && status < 500) return final('Nango.Misconfigured', status);
  if (status === 403) return final('Nango.Forbidden', status, code);
  if (status === 404) return final('Nango.ActionNotFound', status, code);
  if (code === 'invalid_action_input' || code === 'invalid_action_output') {
    return final('Nango.ActionInvalid', status, code);
  }
  if (SCRIPT_FAILED.test(code)) return final('Nango.ActionFailed', status, code);
  if (code === 'script_http_error' || code === 'script_api_rate_limit_error') {
    // The provider failed inside the action, of which a part may have been carried out.
    const seen = upstreamStatus ?? (code === 'script_api_rate_limit_error' ? 429 : undefined);
    const passing = seen !== undefined && (seen === 429 || seen >= 500);
    const failed = final('Nango.ActionFailed', seen ?? status, code);
    // Whoever meets a provider's own type calls again, once there is a remedy.
    if (!traits.repeatable) return failed;
    // Nango hands on the body, and no header that would say it.
    if (!passing) return scopesMissing({ status: seen ?? status, headers: {}, body: upstreamBody }, code) ?? failed;
    return {
      ...final(seen === 429 ? 'Nango.ProviderRateLimited' : 'Nango.ProviderUnavailable', seen, code),
      retryable: true,
    };
  }
  if (status === 424) return refreshFailing(traits, status, code);
  if (status >= 500) return mayHaveRun(traits, 'Nango.Unavailable', status, code);
  return final('Nango.InvalidRequest', status, code);
}

/** A provider's refusal that says what the grant lacks. */
function scopesMissing(refusal: Refusal, code?: string): Named | undefined {
  const scopes = missingScopesIn(refusal);
  if (scopes === undefined) return undefined;
  return {
    ...final('Nango.ScopesMissing', refusal.status, code),
    scopes: scopes.length === 0 ? undefined : scopes,
  };
}

/** Asks for another address, which is never followed; 304 does not. */
function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}
