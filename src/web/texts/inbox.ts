import { foreign } from '../foreign';
import { BULK_TEXTS } from './inbox-bulk';
import { ERROR_TEXTS } from './inbox-errors';
import { REQUEST_TEXTS } from './inbox-requests';
import { SET_UP_TEXTS } from './inbox-set-ups';

/** The texts of the inbox in English, which are the default. What others have written is marked in them by {@link foreign}. */
export const ENGLISH_INBOX = {
  /** the language, as HTML names it */
  lang: 'en',
  title: 'Connection requests',
  nav: 'Lists',
  skip: 'Skip to the content',
  signedInAs: (name: string): string => `Signed in as ${foreign(name)}`,
  signOut: 'Sign out',
  back: 'Back',
  backToList: 'All open requests',
  login: {
    title: 'Sign in to the inbox',
    token: 'Token',
    tokenHint: 'The value of TEMPORAL_NANGO_INBOX_TOKEN where the inbox runs.',
    name: 'Your name',
    nameHint: 'It is recorded with what you do, for everybody to see.',
    submit: 'Sign in',
    wrongToken: 'That is not the token. Check it where the inbox runs, and try again.',
    wrongName: 'Give a name of 1 to 255 characters, none of them invisible.',
    limited: (seconds: number): string =>
      `Too many wrong tokens came from your address. Try again in ${seconds} seconds.`,
  },
  who: {
    named: (name: string, id: string): string => `${foreign(name)} (${foreign(id)})`,
    id: foreign,
    organization: (id: string): string => `organization ${foreign(id)}`,
    of: (user: string, organization: string): string => `${user} of organization ${foreign(organization)}`,
    nobody: 'nobody in particular',
  },
  integration: (key: string, slot?: string): string =>
    slot === undefined ? foreign(key) : `${foreign(key)} (${foreign(slot)})`,
  duration: {
    minutes: (n: number): string => (n === 1 ? '1 minute' : `${n} minutes`),
    hours: (n: number): string => (n === 1 ? '1 hour' : `${n} hours`),
    days: (n: number): string => (n === 1 ? '1 day' : `${n} days`),
    moment: 'less than a minute',
  },
  worker: {
    none: (queue: string): string =>
      `No worker polls the task queue "${queue}": nobody is asked or reminded, no bulk run goes on, and nothing that you do here arrives.`,
    fix: 'Start one where the Nango key is:',
    command: 'temporal-nango worker',
  },
  done: {
    reminded: 'The person is being reminded.',
    extended: 'The deadline is set.',
    declined: 'The request is declined.',
    cancelled: 'The request is cancelled.',
    decided: 'Your answer is recorded.',
    chosen: 'Your choice is recorded. Whatever waits goes on with it.',
    updated: 'The integration requests it. The owner of the connection is being asked.',
    deleted: 'The extra connection is deleted.',
    ownerConfirmed: 'It is recorded that it was the owner. Whatever waits goes on with the connection.',
    ownerRefused: 'It is recorded that it was not the owner. Nothing uses the connection.',
    disconnected: 'The connection is deleted, and the request has ended.',
  },
  missingScope: 'It needs',
  ...REQUEST_TEXTS,
  ...BULK_TEXTS,
  ...SET_UP_TEXTS,
  ...ERROR_TEXTS,
};

/** Every text of the inbox. A translation is of this type, so that the compiler finds what is missing. */
export type InboxTexts = typeof ENGLISH_INBOX;
