import { defineQuery, defineSignal, defineUpdate, log } from '@temporalio/workflow';
import { BULK_PROGRESS, REQUEST_VIEW, SIGNAL, UPDATE } from '../contract/names';
import type {
  Actor,
  BulkProgress,
  ConfirmedLink,
  Decision,
  FailingReport,
  ForgottenLinks,
  HealthNews,
  HeldConnection,
  Hint,
  HoldConnectionInput,
  Join,
  JoinUpdateResult,
  Lease,
  LeaseRequest,
  LinkGrant,
  LinkTerms,
  OwnerStatement,
  Pace,
  PageRead,
  PageWaits,
  JoinResolution,
  RequestStatus,
  RequestView,
  ScopesDecision,
  WatchedLink,
  WorksReport,
} from '../contract/types';
import type { Addressee, Operation } from './request/request-checks';

/** What may be said to a running workflow of ours, and by a request to its subscribers. */

export const hintSignal = defineSignal<[Hint]>(SIGNAL.hint);
export const resolveSignal = defineSignal<[JoinResolution]>(SIGNAL.resolve);
export const joinUpdate = defineUpdate<JoinUpdateResult[], [Join[]]>(UPDATE.join);
export const leaveUpdate = defineUpdate<RequestStatus, [{ joinId: string } & Addressee]>(UPDATE.leave);
export const issueLinkUpdate = defineUpdate<LinkGrant, [LinkTerms & Addressee]>(UPDATE.issueLink);
export const extendUpdate = defineUpdate<void, [{ until: number } & Operation]>(UPDATE.extend);
export const declineUpdate = defineUpdate<RequestStatus, [Operation]>(UPDATE.decline);
export const remindUpdate = defineUpdate<void, [Operation]>(UPDATE.remind);
export const cancelUpdate = defineUpdate<RequestStatus, [Operation]>(UPDATE.cancel);
export const decideUpdate = defineUpdate<void, [(Decision | ScopesDecision) & Addressee]>(UPDATE.decide);
export const confirmOwnerUpdate = defineUpdate<void, [OwnerStatement & Addressee]>(UPDATE.confirmOwner);
export const refuseOwnerUpdate = defineUpdate<void, [OwnerStatement & Addressee]>(UPDATE.refuseOwner);
export const leaseUpdate = defineUpdate<Lease, [LeaseRequest]>(UPDATE.lease);
export const holdUpdate = defineUpdate<HeldConnection[], [HoldConnectionInput[]]>(UPDATE.hold);
export const confirmedSignal = defineSignal<[ConfirmedLink]>(SIGNAL.confirmed);
export const viewQuery = defineQuery<RequestView>(REQUEST_VIEW);
export const watchLinkSignal = defineSignal<[WatchedLink]>(SIGNAL.watchLink);
export const forgetLinksSignal = defineSignal<[ForgottenLinks]>(SIGNAL.forgetLinks);
export const pageReadSignal = defineSignal<[PageRead]>(SIGNAL.pageRead);
export const pageWaitsSignal = defineSignal<[PageWaits]>(SIGNAL.pageWaits);
export const paceSignal = defineSignal<[Pace]>(SIGNAL.pace);
export const failingSignal = defineSignal<[FailingReport]>(SIGNAL.failing);
export const worksSignal = defineSignal<[WorksReport]>(SIGNAL.works);
export const healthSignal = defineSignal<[HealthNews]>(SIGNAL.health);
export const pauseUpdate = defineUpdate<void, [Actor?]>(UPDATE.pause);
export const resumeUpdate = defineUpdate<void, [Actor?]>(UPDATE.resume);
export const stopUpdate = defineUpdate<void, [Actor?]>(UPDATE.stop);
export const progressQuery = defineQuery<BulkProgress>(BULK_PROGRESS);

/** A signal cannot be refused, and one that throws would stop its workflow for ever: it is dropped, with a line in the log. */
export function isSound(signal: string, check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    log.warn('A signal was dropped', { signal, error: String(error) });
    return false;
  }
}
