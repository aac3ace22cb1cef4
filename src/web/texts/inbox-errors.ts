/** What went wrong, and what to do. */
export const ERROR_TEXTS = {
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
    not_requested: {
      title: 'The integration does not request all of it yet',
      what: 'The page of the request lists what it has to request. Change the integration at Nango, then try again.',
    },
    'credentials.clientId': {
      title: 'That is not the app of the integration',
      what: 'Nothing was changed. Give the client id that the integration has at Nango: with another app no connection that exists could be refreshed.',
    },
    'credentials.clientSecret': {
      title: 'The client secret is missing',
      what: 'Nothing was changed. Go back, and fill it in.',
    },
    not_an_extra: {
      title: 'That connection is in use',
      what: 'Only extra connections are deleted here. Nothing was changed.',
    },
    not_a_candidate: {
      title: 'That connection cannot be chosen',
      what: 'Nothing was changed. It may have been deleted since the page was opened: look at the request again.',
    },
    link_used_twice: {
      title: 'Its link was used more than once',
      what: 'Nothing was changed. Nobody can know which of its connections is the owner’s: have the owner connect once more.',
    },
    connectionId: { title: 'No connection was chosen', what: 'Nothing was changed. Go back, and choose one.' },
    nangoApp: {
      title: 'Nango lends no app for this provider',
      what: 'Nothing was changed. Go back, reload the page, and choose another way.',
    },
    choice: {
      title: 'That is no longer a choice',
      what: 'Nothing was changed. Go back, and reload the page: it shows what may be chosen now.',
    },
    credentials: {
      title: 'Nango refuses the credentials',
      what: 'Nothing was changed. Go back, and check each of them.',
    },
    mayNotCreate: {
      title: 'The Nango key of the inbox may not create integrations',
      what: 'Nothing was changed. Give the key the scope environment:integrations:create, or choose another way.',
    },
    'Nango.IntegrationNotFound': {
      title: 'The integration is not there yet',
      what: 'Nothing was changed. Check its integration ID in the dashboard, and that it is the same environment.',
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
      title: 'The Nango key lacks a scope',
      what: 'Give the key of the worker, and that of the inbox, the scopes that docs/security.md lists.',
    },
    other: { title: 'That did not work', what: 'Look at the log of the inbox and of the worker, then try again.' },
  },
};
