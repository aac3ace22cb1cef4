import type { z } from 'zod';
import type * as schemas from './schemas';

/** Types of the values that cross a boundary, inferred from their schemas. Nothing here exists at run time. */

export type { Json } from './schemas';
export type Owner = z.infer<typeof schemas.ownerSchema>;
export type Tags = z.infer<typeof schemas.tagsSchema>;
export type ConnectionRef = z.infer<typeof schemas.connectionRefSchema>;
export type Connection = z.infer<typeof schemas.connectionSchema>;
export type Subject = z.infer<typeof schemas.subjectSchema>;
export type EnsureConnectionInput = z.infer<typeof schemas.ensureConnectionInputSchema>;
export type FindInput = z.infer<typeof schemas.findInputSchema>;

export type ProxyCall = z.infer<typeof schemas.proxyCallSchema>;
export type ActionCall = z.infer<typeof schemas.actionCallSchema>;
export type Call = ProxyCall | ActionCall;
export type ProxyInput = z.infer<typeof schemas.proxyInputSchema>;
export type TriggerActionInput = z.infer<typeof schemas.triggerActionInputSchema>;
export type Answer = z.infer<typeof schemas.answerSchema>;

/** A failure of the taxonomy as data; `status` and `code` where an answer was had. */
export type Failure = z.infer<typeof schemas.failureSchema>;
/** How one call of a fan-out ended. */
export type Outcome = ({ ok: true } & Answer) | { ok: false; error: Failure };

export type RequestStatus = z.infer<typeof schemas.requestStatusSchema>;
export type Ask = z.infer<typeof schemas.askSchema>;
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
