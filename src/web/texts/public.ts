import type { Question } from '../../contract/types';
import { foreign } from '../foreign';

/** What the connect page says of a question. `name`: of the integration. */
export interface QuestionTexts {
  /** what the person is to do, after "asks you to" */
  what: (name: string) => string;
  /**
   * why it is asked, and what for: each integration can have a text of its own. `key`: of the integration, `name`: as Nango has
   * it, or the key; give it to {@link foreign}. Absent, or nothing returned: that goes without saying
   */
  why?: (integration: { key: string; name: string }) => string | undefined;
  /** what happens next, one after the other */
  steps: (name: string) => string[];
  /** absent: there is nothing for the person to do yet */
  button?: (name: string) => string;
  /** how it stands, below the buttons */
  waiting: string;
}

const TO_NANGO = 'The button opens a page of Nango, the service that keeps the connection, in a new tab.';
const NOT_AT_ONCE = 'If you have just come from there, this can take up to two minutes.';

const CONNECTING: Pick<QuestionTexts, 'steps' | 'waiting'> = {
  steps: (name) => [
    TO_NANGO,
    `There you sign in to ${foreign(name)} and agree, or not. Nothing is shared before that.`,
    'Come back here: this page says when it is connected. What waits for it goes on by itself.',
  ],
  waiting: `Not connected yet. ${NOT_AT_ONCE}`,
};

/** Of which of several connections is meant the person knows nothing. */
export type PersonsQuestion = Exclude<Question['kind'], 'choose-connection'>;

const QUESTIONS: Record<PersonsQuestion, QuestionTexts> = {
  connect: {
    ...CONNECTING,
    what: (name) => `connect ${foreign(name)}`,
    button: (name) => `Connect ${foreign(name)}`,
  },
  reconnect: {
    ...CONNECTING,
    what: (name) => `connect ${foreign(name)} again`,
    why: () => 'There is a connection already. It has to be made anew: sign in with the same account as before.',
    button: (name) => `Connect ${foreign(name)} again`,
  },
  'approve-scopes': {
    what: (name) => `grant more access to ${foreign(name)}`,
    why: () =>
      'There is a connection already, but it lacks permissions. Sign in with the same account as before, and agree to what is added.',
    steps: (name) => [
      TO_NANGO,
      `There you sign in to ${foreign(name)} and agree, or not. Until then the connection stays as it is.`,
      'Come back here: this page says when it is done. What waits for it goes on by itself.',
    ],
    button: () => 'Grant more access',
    waiting: `Not granted yet. ${NOT_AT_ONCE}`,
  },
  'update-integration-scopes': {
    what: (name) => `wait for more access to ${foreign(name)}`,
    why: () =>
      'Signing in again has added no permissions. Whoever runs this application has to set something up first.',
    steps: (name) => [
      'They have been told. There is nothing for you to do until then, and the connection stays as it is.',
      `Then this page asks you to sign in to ${foreign(name)} once more.`,
    ],
    waiting: 'Not set up yet.',
  },
  'recreate-connection': {
    what: (name) => `connect ${foreign(name)} anew`,
    why: () =>
      'There is a connection already, but permissions cannot be added to it. A new one has to take its place: sign in with the same account as before.',
    steps: (name) => [
      TO_NANGO,
      `There you sign in to ${foreign(name)} and agree, or not. Until then the connection stays as it is.`,
      'A new connection is made. Once it is known to have all that the old one has, and more, the old one is deleted.',
      'Come back here: this page says when it is done. What waits for it goes on by itself.',
    ],
    button: () => 'Yes, make a new connection and delete the old one',
    waiting: `Not made yet. ${NOT_AT_ONCE}`,
  },
};

/**
 * The texts of the public pages in English, which are the default. What others have written is marked in them by
 * {@link foreign}.
 */
export const ENGLISH_PUBLIC = {
  /** the language, as HTML names it */
  lang: 'en',
  title: (what: { name: string; app?: string; kind: PersonsQuestion }): string =>
    `${what.app === undefined ? 'You are asked' : `${foreign(what.app)} asks you`} to ${QUESTIONS[what.kind].what(what.name)}`,
  questions: QUESTIONS,
  choosing: {
    title: (name: string): string => `You have several ${foreign(name)} connections`,
    text: (app?: string): string =>
      `Nothing says which of them is meant, so ${app === undefined ? 'the application' : foreign(app)} has to choose which one it uses. There is nothing for you to do: what waits for it goes on by itself.`,
  },
  scopes: {
    missing: 'What is added',
    granted: 'What it may do already',
    notGranted: 'Not granted',
    none: 'Nothing.',
    more: (n: number): string => `and ${n} more`,
  },
  facts: {
    owner: 'For whom',
    slot: 'Which one',
    scopes: 'Permissions',
    deadline: 'Open until',
  },
  defaultScopes: (name: string): string =>
    `What ${foreign(name)} is set up to ask for; its own page lists it before you agree.`,
  next: 'What happens next',
  decline: 'Decline',
  reload: 'Reload this page to see whether it is done.',
  accountChanged: {
    title: 'Another account was connected',
    text: ({ recorded, found }: { recorded: string; found: string }): string =>
      `Before it was ${foreign(recorded)}, now it is ${foreign(found)}. Somebody has to agree before it is used.`,
    hint: (recorded: string): string => `If that was a mistake, connect again as ${foreign(recorded)}.`,
  },
  /** where it has to be said whose click it was */
  owner: {
    title: (name: string): string => `Was it you who connected ${foreign(name)}?`,
    text: 'Somebody has just connected it, by a link that was made in this browser. Nothing uses the connection before you have said that it was you.',
    yesMeans: 'If it was you, say yes: what waits for the connection goes on by itself.',
    noMeans:
      'If it was somebody else, or you are not sure, say no: nothing uses that connection, whoever runs this application is told, and you can connect it yourself.',
    yes: 'Yes, it was me',
    no: 'No, it was somebody else',
    step: 'This page then asks, in this browser, whether it was you. Nothing uses the connection before you have said so.',
    confirmed: {
      title: (name: string): string => `${foreign(name)} is almost connected`,
      text: (app?: string): string =>
        `It has been confirmed who connected it, and there is nothing left for you to do: ${app === undefined ? 'the application' : foreign(app)} takes the connection over as soon as it has been checked. If that takes long, whoever runs it can see why.`,
    },
    waiting: {
      title: 'Connected, not confirmed',
      text: (name: string): string =>
        `Somebody has connected ${foreign(name)}. It waits for them to confirm it, in the browser in which they began. Nothing uses the connection before that.`,
      hint: 'If it was not you, there is nothing for you to do about it. If it was, open this page in that browser, or connect once more here.',
    },
    refused: {
      title: 'Connected by somebody else',
      text: (name: string): string =>
        `Somebody has connected ${foreign(name)} who was not the one who is asked. Nothing uses that connection, and whoever runs this application is told.`,
      hint: 'It is still to be connected by you.',
    },
    usedTwice: {
      title: 'Connected more than once',
      text: (name: string): string =>
        `${foreign(name)} was connected several times by one link, so nothing tells which connection is yours. Nothing uses them.`,
      hint: 'Connect once more here, and only once.',
    },
  },
  otherBrowser: {
    title: 'That has to be said in another browser',
    text: 'Only the browser in which somebody began to connect can say that it was them, and only while they are signed in as then. Open the request there, or connect once more here.',
  },
  connected: {
    title: (name: string): string => `${foreign(name)} is connected`,
    account: 'Account',
    text: 'You can close this page. What waited for it goes on by itself.',
  },
  declined: {
    title: 'You have declined',
    text: (name: string): string => `${foreign(name)} was not connected, and nothing was shared.`,
    hint: 'If you change your mind, ask for a new link where this one came from.',
  },
  expired: {
    title: 'This request has expired',
    text: (name: string): string => `${foreign(name)} was not connected in time.`,
    hint: 'If it is still needed, ask for a new link where this one came from.',
  },
  cancelled: {
    title: 'This request was withdrawn',
    text: (name: string): string => `Connecting ${foreign(name)} is no longer needed. There is nothing for you to do.`,
  },
  /** a request for more access that has ended without it; the title is of one that was answered */
  without: {
    title: 'Not all was granted',
    text: (name: string): string => `${foreign(name)} stays connected, with what it may do already.`,
    hint: 'If the rest is still needed, ask for a new link where this one came from.',
  },
  replaced: {
    title: 'There is a newer request',
    text: (name: string): string => `This link is for an earlier request to connect ${foreign(name)}, which has ended.`,
    hint: 'Use the link that you were sent last, or ask for it where this one came from.',
  },
  ended: 'When',
  tooLate: 'What you have just pressed came too late and changed nothing.',
  confirm: {
    title: (name: string, kind: PersonsQuestion): string => `Decline to ${QUESTIONS[kind].what(name)}?`,
    text: 'Whatever waits for it is told that you said no, and you are not asked again for a day.',
    yes: 'Yes, decline',
    no: 'No, go back',
  },
  notFound: {
    title: 'This link does not work',
    text: 'It may be incomplete. Copy all of it, or ask for a new one where it came from.',
  },
  notYours: {
    title: 'This request is for somebody else',
    text: 'You are not signed in as the person who is asked.',
  },
  foreignForm: {
    title: 'That did not come from this page',
    text: 'For safety the buttons work on this page only. Open the link again and press the button here.',
  },
  badForm: { title: 'That is no answer to this request', text: 'Open the link again and press a button there.' },
  tooManyVisits: { title: 'Too many visits', text: 'Wait a minute, then open the link again.' },
  tooManyLinks: {
    title: 'It was tried too often',
    text: 'Finish in a page that is open already, or try again in half an hour.',
  },
  unavailable: {
    title: 'This does not work right now',
    text: 'Nothing is lost: the request goes on waiting. Try again in a few minutes.',
  },
  misconfigured: {
    title: 'Something is not set up correctly',
    text: (code: string): string =>
      `Nothing is lost: the request goes on waiting. Tell whoever sent you the link: ${code}.`,
  },
  back: 'Open the request again',
};

/** Every text of the public pages. A translation is of this type, so that the compiler finds what is missing. */
export type PublicTexts = typeof ENGLISH_PUBLIC;
