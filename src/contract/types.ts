import type { z } from 'zod';
import type * as schemas from './schemas';

/** Types of the values that cross a boundary, inferred from their schemas. Nothing here exists at run time. */

export type { Json } from './schemas';
export type Owner = z.infer<typeof schemas.ownerSchema>;
export type Tags = z.infer<typeof schemas.tagsSchema>;
/** A connection by its names. A whole connection will do, and is better: one whose account has changed is not written to. */
export type ConnectionRef = z.infer<typeof schemas.connectionRefSchema> & { accountChanged?: boolean };
export type Connection = z.infer<typeof schemas.connectionSchema>;
export type Candidate = z.infer<typeof schemas.candidateSchema>;
export type Identity = z.infer<typeof schemas.identitySchema>;
export type Snapshot = z.infer<typeof schemas.snapshotSchema>;
export type Subject = z.infer<typeof schemas.subjectSchema>;
export type EnsureConnectionInput = z.infer<typeof schemas.ensureConnectionInputSchema>;
export type FindInput = z.infer<typeof schemas.findInputSchema>;

export type ProxyCall = z.infer<typeof schemas.proxyCallSchema>;
export type ActionCall = z.infer<typeof schemas.actionCallSchema>;
export type Call = ProxyCall | ActionCall;
export type ProxyInput = z.infer<typeof schemas.proxyInputSchema>;
export type TriggerActionInput = z.infer<typeof schemas.triggerActionInputSchema>;
export type StartedAction = z.infer<typeof schemas.startedActionSchema>;
export type ActionResultInput = z.infer<typeof schemas.actionResultInputSchema>;
export type Answer = z.infer<typeof schemas.answerSchema>;
export type Pagination = z.infer<typeof schemas.paginationSchema>;
export type PageInput = z.infer<typeof schemas.pageInputSchema>;
export type Page = z.infer<typeof schemas.pageSchema>;

/** A failure of the taxonomy as data; `status` and `code` where an answer was had. */
export type Failure = z.infer<typeof schemas.failureSchema>;
/** How one call of a fan-out ended. */
export type Outcome = ({ ok: true } & Answer) | { ok: false; error: Failure };

export type RequestStatus = z.infer<typeof schemas.requestStatusSchema>;
export type Ask = z.infer<typeof schemas.askSchema>;
export type AskAnswer = z.infer<typeof schemas.askAnswerSchema>;
export type GivenAnswer = z.infer<typeof schemas.givenAnswerSchema>;
export type Join = z.infer<typeof schemas.joinSchema>;
export type JoinAnswer = z.infer<typeof schemas.joinAnswerSchema>;
/** A join that is over: there is nothing left to wait for. */
export type JoinEnd = Exclude<JoinAnswer, { status: 'pending' }>;
export type RequestAnswer = z.infer<typeof schemas.requestAnswerSchema>;
export type RequestResult = z.infer<typeof schemas.requestResultSchema>;
export type RequestView = z.infer<typeof schemas.requestViewSchema>;
export type RequestRef = z.infer<typeof schemas.requestRefSchema>;
export type Hint = z.infer<typeof schemas.hintSchema>;
export type LinkGrant = z.infer<typeof schemas.linkGrantSchema>;
export type JoinRequestInput = z.infer<typeof schemas.joinRequestInputSchema>;
export type LeaveRequestInput = z.infer<typeof schemas.leaveRequestInputSchema>;
export type WatchedLink = z.infer<typeof schemas.watchedLinkSchema>;
export type SweepResult = z.infer<typeof schemas.sweepResultSchema>;
export type SweepInput = z.infer<typeof schemas.sweepInputSchema>;
export type FindHintedInput = z.infer<typeof schemas.findHintedInputSchema>;
export type AdoptConnectionInput = z.infer<typeof schemas.adoptConnectionInputSchema>;
export type RestoreConnectionInput = z.infer<typeof schemas.restoreConnectionInputSchema>;
export type IdentifyAccountInput = z.infer<typeof schemas.identifyAccountInputSchema>;
export type Wanted = z.infer<typeof schemas.wantedSchema>;
export type Notice = z.infer<typeof schemas.noticeSchema>;
export type NotifyInput = z.infer<typeof schemas.notifyInputSchema>;
