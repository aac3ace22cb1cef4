import { foreign } from '../foreign';

/** Of requests for connections, and of extra connections. */
export const REQUEST_TEXTS = {
  questions: {
    connect: 'to connect',
    reconnect: 'to connect anew',
    'approve-scopes': 'to grant more scopes',
    'choose-connection': 'which connection is meant',
    'update-integration-scopes': 'to have the integration request more scopes',
    'recreate-connection': 'to make the connection anew',
    account: 'whether the account is right',
    owner: 'whether it was the owner who connected',
  },
  status: {
    checking: 'checking',
    operator: 'needs you',
    unconfirmed: 'connected, not confirmed',
    confirmed: 'confirmed, being accepted',
    refused: 'connected, refused',
    waiting: 'waits for the person',
    connected: 'connected',
    declined: 'declined',
    timedOut: 'deadline passed',
    cancelled: 'cancelled',
  },
  counts: {
    title: 'How they stand',
    operator: (n: number): string => (n === 1 ? '1 needs you' : `${n} need you`),
    unconfirmed: (n: number): string => `${n} not confirmed`,
    waiting: (n: number): string => (n === 1 ? '1 waits for a person' : `${n} wait for people`),
    checking: (n: number): string => `${n} checking`,
    nothing: 'Nothing needs you',
  },
  list: {
    filter: 'Filter',
    integration: 'Integration',
    owner: 'Owner',
    question: 'Asked',
    search: 'Search',
    any: 'any',
    apply: 'Apply',
    more: 'More filters',
    clear: 'Clear the filter',
    caption: (count: string): string => `${count}: what needs you first, then the most overdue.`,
    count: (n: number): string => (n === 1 ? '1 open request' : `${n} open requests`),
    some: (n: number, all: number): string => `${n} of ${all} open requests`,
    bounded: (shown: number, all: number): string => `The first ${shown} of ${all} are shown. Filter for the others.`,
    who: 'Who',
    status: 'Status',
    waiting: 'Waiting',
    deadline: 'Deadline',
    meanwhile: (reminders: number, joiners: number): string => {
      const times = reminders === 1 ? 'reminded once' : `reminded ${reminders} times`;
      return [...(reminders > 0 ? [times] : []), ...(joiners > 1 ? [`${joiners} wait for it`] : [])].join(', ');
    },
    reminders: 'Reminders',
    none: 'none yet',
    left: (how: string): string => `${how} left`,
    passed: (how: string): string => `passed ${how} ago`,
    emptyTitle: 'Nobody is waited for',
    empty:
      'A request opens by itself when a workflow or a backend wants a connection that does not exist yet. To open one by hand, while a worker runs:',
    copy: 'Copy the command',
    emptyCommand: 'temporal-nango ensure hubspot --end-user u_42',
    noMatchTitle: 'No open request fits',
  },
  first: {
    purpose:
      'Whenever a workflow or a backend waits for somebody to connect an account, it stands here until the connection is there. Each request has a status:',
    waiting:
      'The person was asked to connect an account, or to grant more. You can remind them, or give them more time.',
    unconfirmed:
      'An account was connected. Nobody has said yet that it was the person who was asked: they can, and so can you.',
    operator:
      'Only you can say how it goes on: which of several connections is meant, say, or whether another account is right.',
    begin: 'See the first one',
    ended: (n: number): string =>
      n === 1 ? 'The one request that there was has ended.' : `All ${n} requests that there were have ended.`,
    another: 'Open another one',
  },
  detail: {
    title: (who: string, integration: string): string => `${who}: ${integration}`,
    waitingFor: (how: string): string => `for ${how}`,
    facts: 'How it stands',
    integration: 'Integration',
    email: 'E-mail',
    deadline: 'Deadline',
    reminders: 'Reminders',
    subscribers: 'Waiting for it',
    extras: 'Extra connections',
    unwritten: 'Not put back',
    notAllowed: (what: string[]): string =>
      `${what.join(', ')}: the key of the worker lacks environment:connections:update.`,
    notRemembered: 'Choice not remembered',
    whyNotRemembered: {
      forbidden: 'The key of the worker lacks environment:connections:update: the next who wants it asks again.',
      too_many_tags: 'The connection has ten tags of its own: the next who wants it asks again.',
    },
    scopes: 'Scopes',
    granted: 'Granted',
    missing: 'Missing',
    toRequest: 'To be requested',
    notGranted: 'Not granted',
    noScopes: 'none',
    unknownScopes:
      'unknown: the key of the worker lacks environment:connections:read_credentials, or the provider does not tell',
    moreScopes: (n: number): string => `and ${n} more`,
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
    linkMissing: (setting: string): string =>
      `There is none: set ${setting} where the inbox runs, and run the public web.`,
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
    question: (recorded: string, found: string): string =>
      `The connection was of the account ${foreign(recorded)}. Since it was connected anew it is of ${foreign(found)}. May workflows write to ${foreign(found)}?`,
    questionTitle: 'A question for you',
    yes: (found: string): string => `Yes, ${foreign(found)} is right`,
    no: (recorded: string): string => `No, ask again for ${foreign(recorded)}`,
  },
  owner: {
    title: 'Was it the owner who connected?',
    refusedTitle: 'It was not the owner who connected',
    explained:
      'Nothing uses what a link has made before somebody has said that it was the owner: the owner, in the browser in which they began, or you, if you know it from them.',
    explainedAnew:
      'The tokens of this connection have been replaced. No call goes through it before somebody has said that it was the owner: the owner, in the browser in which they began, or you, if you know it from them.',
    confirmedTitle: 'It was the owner who connected',
    confirmed: (by: string): string => `So says ${foreign(by)}.`,
    confirmedHint:
      'The connection is being accepted: its account is read, and what marks it is taken off. Nobody is asked or reminded meanwhile. What goes wrong is tried again, ever later, and stands in the log of the worker.',
    connection: (id: string): string => `Connection ${foreign(id)}, connected`,
    refused: (by: string): string => `It was not the owner, says ${foreign(by)}. Nothing uses this connection.`,
    strangers: (by: string): string =>
      `So says ${foreign(by)}: the connection now belongs to a stranger. No call goes through it. Have the owner connect it anew by the permanent link, or disconnect it.`,
    leftTitle: 'Nobody has confirmed who connected',
    left: (id: string): string =>
      `The request ended before anybody had said whether it was the owner who connected ${foreign(id)} anew, or before that was carried out, and nobody can say so any more. No call goes through the connection.`,
    leftToStranger: (id: string, by: string): string =>
      `So said ${foreign(by)} before the request ended: the connection ${foreign(id)} now belongs to a stranger. No call goes through it.`,
    leftHint: 'It stays so until somebody connects it anew by a later request, or you disconnect it.',
    usedTwice:
      'Its link has made several connections, so nobody can know which of them is the owner’s. Have the owner connect once more.',
    'confirm-owner': {
      open: 'It was the owner …',
      title: 'Was it the owner who connected?',
      what: (id: string): string =>
        `Whatever waits gets the connection ${foreign(id)}, with the account of whoever connected it. Say so only if the owner has told you. It cannot be undone.`,
      yes: 'Yes, it was the owner',
    },
    'refuse-owner': {
      open: 'It was not the owner …',
      title: 'Was it somebody else who connected?',
      what: (id: string): string =>
        `Nothing uses the connection ${foreign(id)}. The request stays open for the owner to connect.`,
      yes: 'Yes, it was somebody else',
    },
    disconnect: {
      open: 'Disconnect it …',
      title: 'Disconnect what belongs to a stranger?',
      what: (id: string): string =>
        `The connection ${foreign(id)} is deleted at Nango, with its tokens and whatever syncs have kept of it, and this request ends for everybody who waits. To have the owner connect it anew instead, leave it as it is. It cannot be undone.`,
      yes: 'Delete it, and end the request',
      /** where the request has ended before */
      ended: {
        title: 'Disconnect what nobody has confirmed?',
        what: (id: string): string =>
          `The connection ${foreign(id)} is deleted at Nango, with its tokens and whatever syncs have kept of it. To have the owner connect it anew instead, leave it as it is. It cannot be undone.`,
        yes: 'Delete the connection',
      },
    },
  },
  choice: {
    title: 'Which connection is meant?',
    explained:
      'Several fit, and nothing says which is meant. Whatever waits goes on with the one that you choose, and the choice is remembered for this owner.',
    submit: 'Use this connection',
    made: 'Made',
    account: (account: string): string => `account ${foreign(account)}`,
    failing: 'its credentials fail',
    tag: (key: string, value: string): string => `${foreign(key)}: ${foreign(value)}`,
    granted: (scopes: string): string => `granted ${scopes}`,
  },
  scopesQuestion: {
    text: (integration: string, missing: string): string =>
      `The connection lacks ${missing}, and to sign in again has not added it: a link cannot request it of ${foreign(integration)}. May the integration request it of everybody who connects from now on? Then the owner is asked for a new connection, in the place of the old one.`,
    toRequest: 'It is to request all of these; what it requests now is among them:',
    more: (n: number): string => `and ${n} more, which this page shows while a worker runs.`,
    appHint:
      'Nango takes scopes only together with the id and the secret of the app that the integration has. Both go to Nango, and are kept nowhere else.',
    clientId: 'Client id',
    clientSecret: 'Client secret',
    update: 'Yes, request more',
    updated: 'I have changed it at Nango',
    no: 'No, leave the integration as it is',
    noKey:
      'This page has no Nango key that may change the integration. Use `temporal-nango requests update-scopes`, or change the integration at Nango.',
  },
  events: {
    began: 'The request began',
    opened: 'The person was asked',
    clicked: 'Somebody clicked, and got a link',
    notified: 'The notifier told the person',
    reminded: 'The person was reminded',
    accountChanged: 'Another account was connected: may it be written to?',
    unconfirmed: 'Connected by a link, not confirmed to be the owner',
    ownerConfirmed: 'Confirmed: the owner connected',
    ownerRefused: 'Refused: somebody else connected',
    scopesMissing: 'The connection was not granted all that is needed',
    notWidened: 'The approval has added nothing: the integration has to request more',
    recreationOpened: 'The person was asked to make the connection anew',
    yes: 'Answered yes: the other account is right',
    no: 'Answered no: the other account is wrong',
    severalFound: 'Several connections fit: which one is meant?',
    chosen: (connection: string): string => `Answered: the connection ${foreign(connection)} is meant`,
    update: 'Answered yes: the worker has the integration request more',
    updated: 'Answered: the integration has been changed',
    refused: 'Answered no: the integration stays as it is',
    extended: 'The deadline was moved to',
    declined: 'Declined',
    connected: 'Connected',
    extra: 'A link was used again: there is an extra connection',
    timedOut: 'The deadline passed',
    cancelled: 'Cancelled',
    by: (name: string): string => `by ${foreign(name)}`,
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
    delete: (id: string): string =>
      `The connection ${foreign(id)} is deleted at Nango. Nothing uses it. It cannot be undone.`,
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
    delete: (id: string): string => `Delete ${foreign(id)} …`,
    action: 'Action',
    unknown: 'unknown',
    unavailable:
      'Which there are cannot be told now: the worker did not answer within 5 seconds. Check that it runs and reaches Nango, then reload the page.',
  },
};
