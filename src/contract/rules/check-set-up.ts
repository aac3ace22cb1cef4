import { checkNangoName } from './check-call';
import { checkFailureForm } from './check-messages';
import { checkDeadline, checkProvider, checkScopes, checkTime } from './check-request';
import { checkFields, checkFlag, checkObject, checkOneOf, checkTemporalName } from './check-shape';
import { checkFromEnvironment } from './check-from-environment';
import { invalid } from '../errors';
import { MAX_TAG_VALUE_CHARS } from '../limits';
import { checkName, checkText } from './text';
import type {
  AppCredentials,
  AppField,
  SetUpJoin,
  SetUpResolution,
  SetUpSubject,
  SetUpTerms,
  WorkflowEnsureIntegrationInput,
} from '../types';

/**
 * Rules for what is said of an integration's set-up, checked by whoever says it and once more where it arrives. Each throws
 * `Nango.InvalidRequest` naming the field, never its value.
 */

/** As Nango takes them where an integration is made. */
const KEY = /^[a-zA-Z0-9 _~:.@-]+$/;

const APP_FIELDS: readonly AppField[] = ['clientId', 'clientSecret', 'appId', 'appLink', 'privateKey'];
const SECRET_FIELDS: ReadonlySet<AppField> = new Set(['clientSecret', 'privateKey']);

/** Checks everything a caller says to have an integration. @returns which, and how it joins */
export function checkEnsureIntegrationInput(
  input: WorkflowEnsureIntegrationInput,
  now: number,
): { subject: SetUpSubject; join: Omit<SetUpJoin, 'joinId'> } {
  checkObject(input, 'input');
  const { provider, integration = provider, scopes, deadline, allowNangoApp, ignoreCoolDown, taskQueue } = input;
  checkSetUpTerms({ provider, allowNangoApp });
  checkIntegrationKey(integration, 'integration');
  if (scopes !== undefined) checkScopes(scopes);
  if (deadline !== undefined) checkDeadline(deadline, now);
  checkFlag(ignoreCoolDown, 'ignoreCoolDown');
  if (taskQueue !== undefined) checkTemporalName(taskQueue, 'taskQueue');
  return {
    subject: { integration, provider },
    join: { provider, deadline, allowNangoApp, scopes },
  };
}

function checkSetUpTerms({ provider, allowNangoApp }: { [field in keyof SetUpTerms]?: unknown }): void {
  checkProvider(provider);
  checkFlag(allowNangoApp, 'allowNangoApp');
}

export function checkSetUpSubject({ integration, provider }: { [field in keyof SetUpSubject]?: unknown }): void {
  checkIntegrationKey(integration, 'integration');
  checkProvider(provider);
}

/** A key that an integration can be made with; historical ones hold other characters. */
export function checkIntegrationKey(key: unknown, field: string): asserts key is string {
  checkNangoName(key, field);
  if (!KEY.test(key)) throw invalid(field, 'must be letters, digits, spaces and _~:.@- only');
}

/** The form of one join; whether it fits what is being set up is the set-up's to say. */
export function checkSetUpJoinForm(value: unknown): asserts value is SetUpJoin {
  checkObject(value, 'join');
  const { joinId, provider, deadline, allowNangoApp, scopes, subscriber } = value;
  checkName(joinId, 'joinId');
  checkSetUpTerms({ provider, allowNangoApp });
  if (deadline !== undefined) checkTime(deadline, 'deadline');
  if (scopes !== undefined) checkScopes(scopes);
  if (subscriber !== undefined) {
    checkObject(subscriber, 'subscriber');
    checkTemporalName(subscriber.workflowId, 'subscriber.workflowId');
  }
}

/** Credentials of exactly these fields. What is secret must be named, and never be there. */
export function checkAppCredentials(value: unknown, fields: readonly AppField[]): asserts value is AppCredentials {
  checkFields(value, 'credentials', fields);
  for (const field of fields) checkCredential(value[field], field);
}

/** The same for whoever does not know which fields are asked for: those that are given. */
export function checkGivenCredentials(value: unknown): asserts value is AppCredentials {
  checkFields(value, 'credentials', APP_FIELDS);
  for (const field of APP_FIELDS) if (value[field] !== undefined) checkCredential(value[field], field);
}

function checkCredential(value: unknown, name: AppField): void {
  const field = `credentials.${name}`;
  if (typeof value === 'object' && value !== null) {
    checkFromEnvironment(value, field);
    return;
  }
  if (SECRET_FIELDS.has(name)) throw invalid(field, 'must be { fromEnv }: the name of a variable of the worker');
  checkText(value, field);
}

/** Values as a person types them, for a process that sends them straight to Nango. */
export function checkAppValues(values: { readonly [field in AppField]?: string }, fields: readonly AppField[]): void {
  for (const field of fields) {
    const value = values[field] ?? '';
    const most = SECRET_FIELDS.has(field) ? MAX_SECRET_CHARS : MAX_TAG_VALUE_CHARS;
    if (value === '' || value.length > most) throw invalid(field, `must have 1 to ${most} characters`);
  }
}

const MAX_SECRET_CHARS = 8_192;

/** What a set-up says to a workflow that waits. */
export function checkSetUpResolution(value: unknown): asserts value is SetUpResolution {
  checkObject(value, 'resolution');
  const { joinId, status, made, failure, coolDownUntil } = value;
  checkName(joinId, 'joinId');
  checkOneOf(status, 'status', ['ready', 'declined', 'timedOut', 'cancelled']);
  if (coolDownUntil !== undefined) checkTime(coolDownUntil, 'coolDownUntil');
  if (failure !== undefined) checkFailureForm(failure);
  if (status !== 'ready') return;
  checkObject(made, 'made');
  checkText(made.integration, 'made.integration');
  checkText(made.provider, 'made.provider');
}
