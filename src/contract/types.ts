import type { z } from 'zod';
import type * as asks from './schemas/asks';
import type * as calls from './schemas/calls';
import type * as connections from './schemas/connections';
import type * as joins from './schemas/joins';
import type * as links from './schemas/links';
import type * as pages from './schemas/pages';

/**
 * Types of the values that cross a boundary, inferred from their schemas, where each shape is written once. Workflow code
 * imports these; processes parse with the schemas. Nothing here exists at run time.
 */

export type { Json } from './schemas/json';
export type Owner = z.infer<typeof connections.ownerSchema>;
export type Tags = z.infer<typeof connections.tagsSchema>;
/** A connection by its names. A whole connection will do, and is better: one whose account has changed is not written to. */
export type ConnectionRef = z.infer<typeof connections.connectionRefSchema> & { accountChanged?: boolean };
export type Connection = z.infer<typeof connections.connectionSchema>;
export type Candidate = z.infer<typeof connections.candidateSchema>;
export type Identity = z.infer<typeof connections.identitySchema>;
export type Snapshot = z.infer<typeof connections.snapshotSchema>;
export type Subject = z.infer<typeof connections.subjectSchema>;
export type EnsureConnectionInput = z.infer<typeof joins.ensureConnectionInputSchema>;
export type FindInput = z.infer<typeof connections.findInputSchema>;

export type ProxyCall = z.infer<typeof calls.proxyCallSchema>;
export type ActionCall = z.infer<typeof calls.actionCallSchema>;
export type Call = ProxyCall | ActionCall;
export type ProxyInput = z.infer<typeof calls.proxyInputSchema>;
export type TriggerActionInput = z.infer<typeof calls.triggerActionInputSchema>;
export type StartedAction = z.infer<typeof calls.startedActionSchema>;
export type ActionResultInput = z.infer<typeof calls.actionResultInputSchema>;
export type Answer = z.infer<typeof calls.answerSchema>;
export type Pagination = z.infer<typeof pages.paginationSchema>;
export type PageInput = z.infer<typeof pages.pageInputSchema>;
export type Page = z.infer<typeof pages.pageSchema>;

/** A failure of the taxonomy as data; `status` and `code` where an answer was had. */
export type Failure = z.infer<typeof joins.failureSchema>;
/** How one call of a fan-out ended. */
export type Outcome = ({ ok: true } & Answer) | { ok: false; error: Failure };

export type RequestStatus = z.infer<typeof asks.requestStatusSchema>;
export type Ask = z.infer<typeof asks.askSchema>;
export type AskAnswer = z.infer<typeof asks.askAnswerSchema>;
export type GivenAnswer = z.infer<typeof asks.givenAnswerSchema>;
export type Join = z.infer<typeof joins.joinSchema>;
export type JoinAnswer = z.infer<typeof joins.joinAnswerSchema>;
export type JoinReply = z.infer<typeof joins.joinReplySchema>;
/** A join that is over: there is nothing left to wait for. */
export type JoinEnd = Exclude<JoinAnswer, { status: 'pending' }>;
export type RequestAnswer = z.infer<typeof joins.requestAnswerSchema>;
export type RequestResult = z.infer<typeof joins.requestResultSchema>;
export type RequestView = z.infer<typeof asks.requestViewSchema>;
export type RequestRef = z.infer<typeof asks.requestRefSchema>;
export type Hint = z.infer<typeof links.hintSchema>;
export type LinkGrant = z.infer<typeof links.linkGrantSchema>;
export type JoinRequestInput = z.infer<typeof joins.joinRequestInputSchema>;
export type LeaveRequestInput = z.infer<typeof joins.leaveRequestInputSchema>;
export type WatchedLink = z.infer<typeof links.watchedLinkSchema>;
/** Links that nobody waits for any more: those whose nonces have this origin. */
export interface ForgottenLinks {
  origin: string;
}
export type SweepResult = z.infer<typeof links.sweepResultSchema>;
export type SweepInput = z.infer<typeof links.sweepInputSchema>;
export type FindHintedInput = z.infer<typeof connections.findHintedInputSchema>;
export type AdoptConnectionInput = z.infer<typeof connections.adoptConnectionInputSchema>;
export type RestoreConnectionInput = z.infer<typeof connections.restoreConnectionInputSchema>;
export type RestoredConnection = z.infer<typeof connections.restoredConnectionSchema>;
export type Unwritten = z.infer<typeof connections.unwrittenSchema>;
export type IdentifyAccountInput = z.infer<typeof connections.identifyAccountInputSchema>;
export type Wanted = z.infer<typeof asks.wantedSchema>;
export type Notice = z.infer<typeof asks.noticeSchema>;
export type NotifyInput = z.infer<typeof asks.notifyInputSchema>;
