/** Sizes and times that several parts must agree on. Bytes are of UTF-8 JSON. */

const KB = 1024;
const MB = 1024 * KB;

/** Temporal's own limit for ids and names. */
export const MAX_TEMPORAL_NAME_BYTES = 1_000;

/** One body or one response that enters a history; Temporal warns at 256 KB and wedges a workflow at 2 MB. */
export const MAX_PAYLOAD_BYTES = 256 * KB;
/** The source of a function: besides the workflow, its compilation and each start of a dry run or deployment are given it. */
export const MAX_CODE_BYTES = 256 * KB;
/** What a dry run has printed, of which the end is kept. */
export const MAX_DRY_RUN_OUTPUT_BYTES = 8 * KB;
/** Errors of the compiler that a failure names, and how much of each. */
export const MAX_COMPILER_ERRORS = 20;
export const MAX_COMPILER_MESSAGE_CHARS = 500;
/** All outcomes of one `fanOut` together. */
export const MAX_FAN_OUT_BYTES = 8 * MB;
/** All outcomes in the result of the `ensureConnection` workflow. */
export const MAX_WORKFLOW_RESULT_BYTES = 1 * MB;
/** Scopes that a failure names. */
export const MAX_MISSING_SCOPES = 20;
/** Scopes in a request's memo, which must stay small: it travels with every list. */
export const MAX_SHOWN_SCOPES_BYTES = 1 * KB;
/** Connections that somebody can choose from, and what of them tells them apart in a request's memo. */
export const MAX_CANDIDATES = 20;
export const MAX_SHOWN_CANDIDATES_BYTES = 2 * KB;
/** Bodies of calls in flight: they leave in one workflow task, whose commands must stay below 4 MB. */
export const MAX_IN_FLIGHT_BYTES = 1 * MB;
/** Names of scopes that a connection was granted; with more they are not known. */
export const MAX_GRANTED_SCOPES_BYTES = 16 * KB;
/** One connection as Nango tells it. */
export const MAX_CONNECTION_BYTES = 64 * KB;
/**
 * A request's state with whoever joins it. What comes to it later (a snapshot, what was found, links, hints) stays below
 * half a megabyte, so that what it hands on when it continues as new is below the 2 MB at which it could not.
 */
export const MAX_JOINED_BYTES = 1 * MB;
/** Resolutions that leave in one workflow task; a server lets 2,000 signals of a run be under way. */
export const MAX_RESOLUTIONS_AT_A_TIME = 100;
/** Calls of one `fanOut`: their outcomes stay in the history, and in the memory of the workflow. */
export const MAX_FAN_OUT_CALLS = 2_000;
/** Writes and actions of a `fanOut` that run at the same time, an activity each; a window beats an unbounded burst. */
export const FAN_OUT_WINDOW = 16;
/** What may be said of calls in flight, of a `fanOut` or a bulk run. */
export const MAX_FAN_OUT_CONCURRENCY = 1_000;
/** Calls that one activity may be given. */
export const MAX_BATCH_CALLS = 500;
/** Calls that one activity is given, as JSON; a larger one travels alone. */
export const MAX_BATCH_BYTES = 256 * KB;
/** A batch begins no call after this. */
export const BATCH_TIME_MS = 5_000;
/** Nor once its outcomes have reached this; Temporal warns from there on. */
export const FULL_BATCH_BYTES = 256 * KB;
/** What is in flight then is kept up to this; Temporal takes no result over 2 MB. */
export const MAX_BATCH_RESULT_BYTES = 1.5 * MB;
/** Pages of one `paginate`, unless told otherwise, and at most: a page is six events, and a history ends at 51,200. */
export const DEFAULT_MAX_PAGES = 1_000;
export const MAX_PAGES = 5_000;

/** Calls in flight, unless told otherwise: more than a worker has connections, so that none is idle between two calls. */
export const CALLS_AT_ONCE = 200;
/** Of Temporal's priorities 1 to 5, of which 3 is everybody's: a bulk run comes after what somebody waits for. */
export const BULK_PRIORITY = 4;
/** One page of a source, and with its indexes what a page hands on when it continues as new. */
export const MAX_PAGE_BYTES = 1 * MB;
/** Places in one page: each is some 20 bytes more than the source's own when it is handed on. */
export const MAX_PAGE_CALLS = 20_000;
/** A cursor, or the input of a source or sink: each page has them in its run's history. */
export const MAX_CURSOR_BYTES = 16 * KB;
/** Outcomes that a sink is given at a time. */
export const MAX_SINK_BYTES = 768 * KB;
/** Outcomes of one fan-out of a page: they are twice in its history, once as the sink's input. */
export const MAX_CHUNK_BYTES = 4 * MB;
/** How long one attempt of a source or sink may take, unless told otherwise, and at least and at most. */
export const BULK_ACTIVITY_MS = 60_000;
export const MIN_BULK_ACTIVITY_MS = 1_000;
export const MAX_BULK_ACTIVITY_MS = 3_600_000;

export const MAX_TAG_VALUE_CHARS = 255;
export const MAX_TAGS = 10;
/** Scopes of all who wait for one request together. */
export const MAX_SCOPES = 100;
export const MAX_POINTER_CHARS = 1_024;
export const MAX_ENDPOINT_CHARS = 8_192;
/** Headers of one call: Node's HTTP servers refuse more. */
export const MAX_HEADERS_BYTES = 16 * KB;
/** JSON pointers of one call, or what leads to a page. */
export const MAX_PLACES_BYTES = 64 * KB;

/** Calls that one lease is for, or one report is of. */
export const MAX_LEASE_CALLS = 100_000;
/** Workers that one limiter knows at a time: it hands all of them on when it continues as new. */
export const MAX_LEASE_HOLDERS = 500;
/** What a connection is taken to allow at the least once its provider has refused a call; half of it remains. */
export const FIRST_INFERRED_CALLS = 20;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** A Nango connect session dies exactly this long after it was made. */
export const LINK_TTL_MS = 30 * MINUTE_MS;
/** How long after its expiry a link may still produce a connection: an OAuth flow begun in time may end late. */
export const LINK_GRACE_MS = 60 * MINUTE_MS;
/**
 * How long after the death of a link a sign-in that was begun by it may end at all: Nango forgets one after two days, in a
 * job that runs every ten minutes; and an hour of margin.
 */
export const SIGN_IN_MS = 2 * DAY_MS + LINK_GRACE_MS;
/** A worker sends no call by a view of what is held that is older than this. */
export const HOLDS_KEPT_MS = 1_000;
/** How long after a connection was held no worker has an older view: {@link HOLDS_KEPT_MS}, and half a second of margin. */
export const HOLD_SPREADS_MS = 1_500;
/** Held connections that a memo names; beyond them every call is checked. */
export const MAX_HOLDS = 1_000;
/** Held connections together, some five thousand: they are handed on when their workflow continues as new. */
export const MAX_HELD_BYTES = 1 * MB;
/** Connections that are held by one update, of which a server takes ten of a workflow at a time. */
export const MAX_HOLDS_AT_ONCE = 100;
/** Held connections that one activity reads. */
export const MAX_HELD_READS = 50;
/** Joins that travel in one update. A server takes ten updates of a workflow at a time, and 2,000 a run. */
export const MAX_JOINS = 100;
/** Hinted connections that a request looks up at a time; beyond them it looks up by owner. */
export const MAX_HINTED_LOOKUPS = 16;
/** Live links a request may have at once. */
export const MAX_LIVE_LINKS = 20;
/** Connections that nobody has confirmed, as a memo shows them. */
export const MAX_SHOWN_UNCONFIRMED = 5;
/** Links that a request remembers as refused, the latest: each has been clicked, used, and said no to. */
export const MAX_REFUSED_LINKS = 100;
/** Links that a watch watches, together: some five thousand; it hands them on when it continues as new. */
export const MAX_WATCHED_BYTES = 1 * MB;
/** Suspects and who waits for them, together: some three thousand; a health hands them on when it continues as new. */
export const MAX_SUSPECTS_BYTES = 1 * MB;
/** A sweep is given the first characters of the nonces that are waited for, and reports no others. */
export const NONCE_HEAD_CHARS = 8;

/** A client waits so long for an update's result: a task lost with its worker comes back after 10 s, or twice that. */
export const CLIENT_UPDATE_MS = 25_000;

export const DEFAULT_WAIT_MS = 7 * DAY_MS;
export const MAX_WAIT_MS = 365 * DAY_MS;
/** A person is reminded this long after being asked, then every week. */
export const REMIND_AFTER_MS = [DAY_MS, 3 * DAY_MS];
export const REMIND_EVERY_MS = 7 * DAY_MS;
/** Somebody who has just been reminded is not reminded again at once, whoever wishes it. */
export const REMIND_AGAIN_MS = HOUR_MS;
/** After a decline, or a timeout that somebody waited a day for, nobody is asked again for this long. */
export const COOL_DOWN_MS = DAY_MS;
export const COOL_DOWN_AFTER_WAIT_MS = DAY_MS;

/** One attempt of a proxied call, and of an action, which Nango lets run for 15 minutes. */
export const PROXY_TIMEOUT_MS = 90_000;
export const ACTION_TIMEOUT_MS = 16 * MINUTE_MS;
/** A write without a workflow has one attempt: it waits inside it for so long until it may be sent. */
export const WRITE_PATIENCE_MS = 2 * MINUTE_MS;

/** How long the output of an async action is waited for, unless told otherwise; and at most, since Nango purges it then. */
export const ACTION_WAIT_MS = HOUR_MS;
export const MAX_ACTION_WAIT_MS = 5 * DAY_MS;

/** Nango ends a compilation, a dry run and a deployment by itself after less than this. */
export const COMPILATION_MS = 3 * MINUTE_MS + 15_000;
export const DRY_RUN_MS = 10.5 * MINUTE_MS;
export const DEPLOYMENT_MS = 7 * MINUTE_MS;
/**
 * How long the dry runs and deployments of one function that surely were not begun are begun anew, together, and the longest
 * pause between two starts.
 */
export const JOB_START_MS = DAY_MS;
export const LONGEST_START_PAUSE_MS = 30 * MINUTE_MS;
/** How long somebody has to agree to a deployment. */
export const APPROVAL_MS = DAY_MS;

/** A window, until it is known: Nango's are a minute. */
export const ASSUMED_WINDOW_MS = MINUTE_MS;
/** The longest window of a limit that can be declared. */
export const MAX_LIMIT_WINDOW_MS = 31 * DAY_MS;
