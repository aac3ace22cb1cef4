import { Context } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import { nangoFailure } from '../contract/errors';
import { checkAppCredentials, checkIntegrationKey, checkSetUpSubject } from '../contract/rules/check-set-up';
import { setUpWayOf } from '../contract/rules/auth-modes';
import { checkScopes } from '../contract/rules/check-request';
import { createIntegrationInputSchema, setUpSubjectSchema } from '../contract/schemas/set-ups';
import type { AppCredentials, AppField, CreateIntegrationInput, MadeIntegration } from '../contract/types';
import { createIntegration, findIntegration, quickstartIntegration } from '../nango/create-integration';
import type { DeveloperApp } from '../nango/create-integration';
import { setUpFacts } from '../nango/set-up-facts';
import { bounds } from './context';
import { defineActivity } from './define';
import { fromEnvironment } from './from-environment';

/** Lookups of an integration that is made by hand: every minute in the first hour, then every fifteen minutes. */
const POLL_MS = 60_000;
const LATER_POLL_MS = 900_000;
const OFTEN_MS = 3_600_000;

export const integrationActivities = {
  ...defineActivity('nango.getSetUpFacts', setUpSubjectSchema, checkSetUpSubject, async (subject, { api, config }) => {
    const made = await findIntegration(api, subject.integration, bounds());
    if (made !== undefined) return { made };
    const origin = config.publicBaseUrl ?? config.baseUrl;
    return { toDo: await setUpFacts(api, subject, origin, bounds()) };
  }),

  ...defineActivity('nango.createIntegration', createIntegrationInputSchema, checkCreate, async (input, { api }) => {
    const { own, ...subject } = input;
    return await createIntegration(api, subject, own && developerApp(own), bounds());
  }),

  ...defineActivity('nango.quickstartIntegration', setUpSubjectSchema, checkSetUpSubject, (subject, { api }) =>
    quickstartIntegration(api, subject, bounds()),
  ),

  ...defineActivity(
    'nango.awaitIntegration',
    setUpSubjectSchema.pick({ integration: true }),
    ({ integration }) => checkIntegrationKey(integration, 'integration'),
    async ({ integration }, { api }): Promise<MadeIntegration> => {
      // Whatever is wrong with it now may be right later: an operator is at work.
      const found = await findIntegration(api, integration, bounds()).catch(() => undefined);
      if (found !== undefined) return found;
      throw notYet();
    },
  ),
};

function checkCreate({ own, ...subject }: CreateIntegrationInput): void {
  checkSetUpSubject(subject);
  if (own === undefined) return;
  checkAppCredentials(own.credentials, setUpWayOf(own.authMode).fields);
  if (own.scopes !== undefined) checkScopes(own.scopes);
}

/** The values, which leave this process for Nango only. @throws Nango.Misconfigured naming a variable that is not set */
function developerApp({ credentials, ...app }: NonNullable<CreateIntegrationInput['own']>): DeveloperApp {
  const values = Object.entries(credentials as Record<string, AppCredentials[AppField]>)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => [field, typeof value === 'object' ? fromEnvironment(value) : value]);
  return { ...app, values: Object.fromEntries(values) as DeveloperApp['values'] };
}

/** The next attempt is the next lookup; neither leaves an event in the history. */
function notYet(): ApplicationFailure {
  const { scheduledTimestampMs, currentAttemptScheduledTimestampMs } = Context.current().info;
  const elapsed = currentAttemptScheduledTimestampMs - scheduledTimestampMs;
  return nangoFailure('Nango.IntegrationNotFound', {
    nonRetryable: false,
    benign: true,
    retryAfterMs: elapsed < OFTEN_MS ? POLL_MS : LATER_POLL_MS,
  });
}
