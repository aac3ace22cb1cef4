import type { Question } from '../contract/types';
import { foreign } from './foreign';

/** Every word that the web side says, so that it can be translated in one place. What others have written is marked in it, and shown by `Said`. */

/** What the connect page says of a question. `name`: of the integration. */
interface QuestionWords {
  /** what the person is to do, after "asks you to" */
  what: (name: string) => string;
  why?: string;
  steps: (name: string) => string[];
  button: (name: string) => string;
  waiting: string;
}

const TO_NANGO = 'The button takes you to a page of Nango, the service that keeps the connection.';
const NOT_AT_ONCE = 'If you have just come from there, this can take up to two minutes.';

const CONNECTING: Pick<QuestionWords, 'steps' | 'waiting'> = {
  steps: (name) => [
    TO_NANGO,
    `There you sign in to ${foreign(name)} and agree, or not. Nothing is shared before that.`,
    'Come back here: this page says when it is connected. What waits for it goes on by itself.',
  ],
  waiting: `Not connected yet. ${NOT_AT_ONCE}`,
};

const QUESTIONS: Record<Question['kind'], QuestionWords> = {
  connect: {
    ...CONNECTING,
    what: (name) => `connect ${foreign(name)}`,
    button: (name) => `Connect ${foreign(name)}`,
  },
  reconnect: {
    ...CONNECTING,
    what: (name) => `connect ${foreign(name)} again`,
    why: 'There is a connection already. It has to be made anew: sign in with the same account as before.',
    button: (name) => `Connect ${foreign(name)} again`,
  },
  'approve-scopes': {
    what: (name) => `grant more access to ${foreign(name)}`,
    why: 'There is a connection already, but it lacks permissions. Sign in with the same account as before, and agree to what is added.',
    steps: (name) => [
      TO_NANGO,
      `There you sign in to ${foreign(name)} and agree, or not. Until then the connection stays as it is.`,
      'Come back here: this page says when it is done. What waits for it goes on by itself.',
    ],
    button: () => 'Grant more access',
    waiting: `Not granted yet. ${NOT_AT_ONCE}`,
  },
};

/** The connect page. A question, its integration by name, and the application that asks, if it has a name. */
export const CONNECT = {
  title: (what: { name: string; app?: string; kind: Question['kind'] }) =>
    `${what.app === undefined ? 'You are asked' : `${foreign(what.app)} asks you`} to ${QUESTIONS[what.kind].what(what.name)}`,
  questions: QUESTIONS,
  scopes: {
    missing: 'What is added',
    granted: 'What it may do already',
    notGranted: 'Not granted',
    none: 'Nothing.',
    more: (n: number) => `and ${n} more`,
  },
  facts: {
    app: 'Who asks',
    integration: 'For what',
    owner: 'For whom',
    slot: 'Which one',
    scopes: 'Permissions',
    deadline: 'Open until',
  },
  defaultScopes: (name: string) =>
    `What ${foreign(name)} is set up to ask for; its own page lists it before you agree.`,
  next: 'What happens next',
  decline: 'Decline',
  reload: 'Reload this page to see whether it is done.',
  accountChanged: {
    title: 'Another account was connected',
    text: ({ recorded, found }: { recorded: string; found: string }) =>
      `Before it was ${foreign(recorded)}, now it is ${foreign(found)}. Somebody has to agree before it is used.`,
    hint: (recorded: string) => `If that was a mistake, connect again as ${foreign(recorded)}.`,
  },
  connected: {
    title: (name: string) => `${foreign(name)} is connected`,
    account: 'Account',
    text: 'You can close this page. What waited for it goes on by itself.',
  },
  declined: {
    title: 'You have declined',
    text: (name: string) => `${foreign(name)} was not connected, and nothing was shared.`,
    hint: 'If you change your mind, ask for a new link where this one came from.',
  },
  expired: {
    title: 'This request has expired',
    text: (name: string) => `${foreign(name)} was not connected in time.`,
    hint: 'If it is still needed, ask for a new link where this one came from.',
  },
  cancelled: {
    title: 'This request was withdrawn',
    text: (name: string) => `Connecting ${foreign(name)} is no longer needed. There is nothing for you to do.`,
  },
  /** a request for more access that has ended without it; the title is of one that was answered */
  without: {
    title: 'Not all was granted',
    text: (name: string) => `${foreign(name)} stays connected, with what it may do already.`,
    hint: 'If the rest is still needed, ask for a new link where this one came from.',
  },
  replaced: {
    title: 'There is a newer request',
    text: (name: string) => `This link is for an earlier request to connect ${foreign(name)}, which has ended.`,
    hint: 'Use the link that you were sent last, or ask for it where this one came from.',
  },
  ended: 'When',
  tooLate: 'What you have just pressed came too late and changed nothing.',
  confirm: {
    title: (name: string, kind: Question['kind']) => `Decline to ${QUESTIONS[kind].what(name)}?`,
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
    text: (code: string) => `Nothing is lost: the request goes on waiting. Tell whoever sent you the link: ${code}.`,
  },
  back: 'Open the request again',
} as const;

export const INBOX = {
  title: 'Connection requests',
  nav: 'Lists',
  skip: 'Skip to the content',
  signedInAs: (name: string) => `Signed in as ${foreign(name)}`,
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
    limited: (seconds: number) => `Too many wrong tokens came from your address. Try again in ${seconds} seconds.`,
  },
  who: {
    named: (name: string, id: string) => `${foreign(name)} (${foreign(id)})`,
    id: foreign,
    organization: (id: string) => `organization ${foreign(id)}`,
    of: (user: string, organization: string) => `${user} of organization ${foreign(organization)}`,
    nobody: 'nobody in particular',
  },
  integration: (key: string, slot?: string) =>
    slot === undefined ? foreign(key) : `${foreign(key)} (${foreign(slot)})`,
  questions: {
    connect: 'to connect',
    reconnect: 'to connect anew',
    'approve-scopes': 'to grant more scopes',
    account: 'whether the account is right',
  },
  status: {
    checking: 'checking',
    waiting: 'waiting',
    connected: 'connected',
    declined: 'declined',
    timedOut: 'deadline passed',
    cancelled: 'cancelled',
  },
  duration: {
    minutes: (n: number) => (n === 1 ? '1 minute' : `${n} minutes`),
    hours: (n: number) => (n === 1 ? '1 hour' : `${n} hours`),
    days: (n: number) => (n === 1 ? '1 day' : `${n} days`),
    moment: 'less than a minute',
  },
  worker: {
    none: (queue: string) =>
      `No worker polls the task queue "${queue}": nobody is asked or reminded, no bulk run goes on, and nothing that you do here arrives.`,
    fix: 'Start one where the Nango key is:',
    command: 'temporal-nango worker',
  },
  list: {
    filter: 'Filter',
    integration: 'Integration',
    owner: 'Owner',
    question: 'Asked',
    search: 'Search',
    any: 'any',
    apply: 'Apply',
    clear: 'Clear the filter',
    caption: (count: string) => `${count}, most overdue first.`,
    count: (n: number) => (n === 1 ? '1 open request' : `${n} open requests`),
    some: (n: number, all: number) => `${n} of ${all} open requests`,
    bounded: (shown: number, all: number) => `The first ${shown} of ${all} are shown. Filter for the others.`,
    who: 'Who',
    status: 'Status',
    waiting: 'Waiting',
    deadline: 'Deadline',
    reminders: 'Reminders',
    subscribers: 'Waiting for it',
    since: 'since',
    none: 'none yet',
    left: (how: string) => `${how} left`,
    passed: (how: string) => `passed ${how} ago`,
    emptyTitle: 'Nobody is waited for',
    empty:
      'A request opens when a workflow or a backend wants a connection that does not exist yet. To open one by hand:',
    emptyCommand: 'temporal-nango ensure hubspot --end-user u_42',
    noMatchTitle: 'No open request fits',
  },
  detail: {
    title: (who: string, integration: string) => `${who}: ${integration}`,
    facts: 'How it stands',
    status: 'Status',
    who: 'Who',
    email: 'E-mail',
    integration: 'Integration',
    since: 'Asked',
    waiting: 'Waiting',
    deadline: 'Deadline',
    reminders: 'Reminders',
    subscribers: 'Waiting for it',
    extras: 'Extra connections',
    unwritten: 'Not put back',
    notAllowed: (what: string[]) => `${what.join(', ')}: the key of the worker lacks environment:connections:update.`,
    scopes: 'Scopes',
    granted: 'Granted',
    missing: 'Missing',
    notGranted: 'Not granted',
    noScopes: 'none',
    unknownScopes:
      'unknown: the key of the worker lacks environment:connections:read_credentials, or the provider does not tell',
    moreScopes: (n: number) => `and ${n} more`,
    started: 'Began',
    ended: 'Ended',
    connection: 'Connection',
    account: 'Account',
    coolDown: 'Nobody is asked again before',
    id: 'Request',
    replaced: 'A newer request for the same connection is open.',
    toNewer: 'Go to the newer request',
    events: 'What happened',
    link: 'Permanent link',
    linkHint:
      'Shows the person what is asked. Whoever has it can connect an account, for as long as the request is open.',
    linkMissing: (setting: string) => `There is none: set ${setting} where the inbox runs, and run the public web.`,
    copy: 'Copy the link',
    copied: 'Copied',
    actions: 'What you can do',
    over: 'The request has ended: there is nothing left to do.',
    remind: 'Remind now',
    extendDays: 'New deadline, in days from now',
    extend: 'Set the deadline',
    decline: 'Decline …',
    cancel: 'Cancel …',
    toExtras: 'Extra connections of this owner',
    question: (recorded: string, found: string) =>
      `The connection was of the account ${foreign(recorded)}. Since it was connected anew it is of ${foreign(found)}. May workflows write to ${foreign(found)}?`,
    questionTitle: 'A question for you',
    yes: (found: string) => `Yes, ${foreign(found)} is right`,
    no: (recorded: string) => `No, ask again for ${foreign(recorded)}`,
  },
  events: {
    began: 'The request began',
    opened: 'The person was asked',
    clicked: 'Somebody clicked, and got a link',
    notified: 'The notifier told the person',
    reminded: 'The person was reminded',
    accountChanged: 'Another account was connected: may it be written to?',
    scopesMissing: 'The connection was not granted all that is needed',
    yes: 'Answered yes: the other account is right',
    no: 'Answered no: the other account is wrong',
    extended: 'The deadline was moved to',
    declined: 'Declined',
    connected: 'Connected',
    extra: 'A link was used again: there is an extra connection',
    timedOut: 'The deadline passed',
    cancelled: 'Cancelled',
    by: (name: string) => `by ${foreign(name)}`,
  },
  confirm: {
    declineTitle: 'Decline for the person?',
    decline:
      'Everybody who waits is told that the person said no, and nobody is asked again for a day. It cannot be undone.',
    declineYes: 'Decline the request',
    cancelTitle: 'Cancel for everybody who waits?',
    cancel:
      'Everybody who waits is told that the request was cancelled. The next who wants the connection asks anew. It cannot be undone.',
    cancelYes: 'Cancel the request',
    deleteTitle: 'Delete the extra connection?',
    delete: (id: string) => `The connection ${foreign(id)} is deleted at Nango. Nothing uses it. It cannot be undone.`,
    deleteYes: 'Delete the connection',
    keep: 'Leave it as it is',
  },
  extras: {
    title: 'Extra connections',
    explained: 'A link that was used more than once made further connections. Nothing ever uses them.',
    none: 'This owner has none for this integration.',
    caption: 'Extra connections of this owner and integration',
    connection: 'Connection',
    account: 'Account',
    made: 'Made',
    delete: (id: string) => `Delete ${foreign(id)} …`,
    action: 'Action',
    unknown: 'unknown',
    unavailable:
      'Which there are cannot be told now: the worker did not answer within 5 seconds. Check that it runs and reaches Nango, then reload the page.',
  },
  bulk: {
    title: 'Bulk runs',
    titleOf: (n: number) => `Bulk runs (${n})`,
    backToList: 'All bulk runs',
    caption: (count: string) => `${count}, newest first. Numbers are up to half a minute old.`,
    count: (n: number) => (n === 1 ? '1 bulk run' : `${n} bulk runs`),
    bounded: (shown: number, all: number) => `The first ${shown} of ${all} are shown.`,
    run: 'Run',
    connection: 'Connection',
    connectionOf: (integration: string, id: string) => `${foreign(integration)}: ${foreign(id)}`,
    status: 'Status',
    statuses: {
      running: 'running',
      paused: 'paused',
      stopping: 'stopping',
      stopped: 'stopped',
      completed: 'completed',
      failed: 'failed',
    },
    done: 'Done',
    doneOf: (n: string, all: string) => `${n} of ${all}`,
    failed: 'Failed',
    failedOf: (type: string, n: string) => `${n} ${foreign(type)}`,
    unknown: (n: string) => `${n} of unknown outcome`,
    none: 'none',
    perSecond: (n: string) => `${n}/s`,
    waits: { source: 'waits for its source', calls: 'waits for calls', sink: 'waits for its sink' },
    begun: 'Began',
    ends: 'Estimated end',
    action: 'Action',
    pause: 'Pause',
    resume: 'Resume',
    stop: 'Stop …',
    emptyTitle: 'No bulk run goes on',
    empty: 'A workflow or a backend begins one, or the command line, from a file:',
    emptyCommand: 'temporal-nango bulk --integration hubspot --connection ID --from calls.jsonl --out results.jsonl',
    confirm: {
      title: 'Stop the bulk run?',
      what: (id: string) =>
        `No more calls of ${foreign(id)} are made. Those that were begun end, and their outcomes are kept. It cannot be undone. To hold the run for a while, pause it instead.`,
      yes: 'Stop the run',
    },
    outcome: {
      paused: 'The run is paused: calls that were begun end, and no others are begun.',
      resumed: 'The run goes on.',
      stopped: 'The run is being stopped: it leaves the list once the calls that were begun have ended.',
    },
  },
  done: {
    reminded: 'The person is being reminded.',
    extended: 'The deadline is set.',
    declined: 'The request is declined.',
    cancelled: 'The request is cancelled.',
    decided: 'Your answer is recorded.',
    deleted: 'The extra connection is deleted.',
  },
  errors: {
    notFound: {
      title: 'There is no such page',
      what: 'Go to the list. Temporal forgets what ended long ago.',
    },
    unauthorized: {
      title: 'You are not signed in',
      what: 'Sign in to the application that shows this inbox, then reload the page.',
    },
    crossOrigin: {
      title: 'That did not come from this page',
      what: 'Nothing was changed. Go back to the page, reload it, and press the button there.',
    },
    tooLarge: { title: 'That is too large', what: 'Nothing was changed. Go back and shorten what you entered.' },
    tooSlow: { title: 'That took too long', what: 'Nothing was changed. Go back and send it again.' },
    badForm: {
      title: 'That is not what the form asks for',
      what: 'Nothing was changed. Go back, and fill it in again.',
    },
    noWorker: {
      title: 'No worker runs',
      what: 'Nothing was changed. Start one with `temporal-nango worker` where the Nango key is, then try again.',
    },
    request_closed: { title: 'The request has ended', what: 'Nothing was changed. Its page says how it ended.' },
    bulk_ended: { title: 'The run has ended', what: 'Nothing was changed. The list has those that go on.' },
    bulk_stopping: {
      title: 'The run is being stopped',
      what: 'Nothing was changed. It begins no more calls, and leaves the list once those that were begun have ended.',
    },
    reminded_lately: {
      title: 'The person was reminded within the last hour',
      what: 'Nobody is reminded twice in an hour. Try again later.',
    },
    no_open_question: {
      title: 'There is nothing to answer',
      what: 'Somebody has answered before you, or nobody has been asked yet. Look at the request again.',
    },
    not_an_extra: {
      title: 'That connection is in use',
      what: 'Only extra connections are deleted here. Nothing was changed.',
    },
    until: { title: 'That deadline is not possible', what: 'Give 1 to 365 days from now.' },
    'Nango.NoWorker': {
      title: 'The worker does not answer',
      what: 'Start it with `temporal-nango worker`, or look at its logs. It may still carry out what you asked: look at it once more before you try again.',
    },
    'Nango.TemporalUnavailable': {
      title: 'Temporal cannot be reached',
      what: 'Check that the server runs, and TEMPORAL_ADDRESS where the inbox runs. Requests and bulk runs are not affected.',
    },
    'Nango.Unavailable': {
      title: 'Nango cannot be reached',
      what: 'Try again later; check NANGO_SERVER_URL where the worker runs.',
    },
    'Nango.Misconfigured': {
      title: 'The worker is not set up correctly',
      what: 'Check the settings and the Nango key where the worker runs: `temporal-nango doctor` says what is wrong.',
    },
    'Nango.Forbidden': {
      title: 'The Nango key of the worker lacks a scope',
      what: 'Give the key the scopes that docs/security.md lists.',
    },
    other: { title: 'That did not work', what: 'Look at the log of the inbox and of the worker, then try again.' },
  },
} as const;
