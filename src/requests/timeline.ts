import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { ACTIVITY, REQUEST_VIEW, UPDATE } from '../contract/names';
import { notifyInputSchema, requestViewSchema } from '../contract/schemas/requests';
import type { Question, RequestRef, RequestView } from '../contract/types';
import { withTypedFailures } from './typed-failures';
import { historyOf } from './history';
import type { HistoryEvent } from './history';
import type { Place } from './start';

/** Something that happened to a request. */
export interface TimelineEvent {
  /** when, by the clock of Temporal's server */
  at: Date;
  /** what it was; most are changes of the request's status */
  what:
    | 'began'
    | 'opened'
    /** a link was granted, for somebody who clicked */
    | 'clicked'
    /** the notifier was called: at first, and as a reminder */
    | 'notified'
    | 'reminded'
    | 'extended'
    | 'accountChanged'
    /** somebody has connected by a link, and it is to be confirmed that it was the owner */
    | 'unconfirmed'
    /** somebody has said that it was, or was not */
    | 'ownerConfirmed'
    | 'ownerRefused'
    /** the connection was not granted what is needed, so its owner is asked for more */
    | 'scopesMissing'
    /** several connections fit, and nothing tells them apart */
    | 'severalFound'
    /** its owner's approval has added nothing, so an operator has to have the integration request more */
    | 'notWidened'
    /** the owner is asked to make a new connection, in whose favour the old one is deleted */
    | 'recreationOpened'
    | 'decided'
    /** an operator has said what becomes of the scopes of the integration */
    | 'scopesDecided'
    | 'connected'
    /** a link has made further connections, which nothing uses */
    | 'extra'
    | 'declined'
    | 'timedOut'
    | 'cancelled';
  /** who did it, where that is known */
  by?: string;
  /** what was decided; `update` and `updated` of the scopes of an integration */
  choice?: 'yes' | 'no' | 'update' | 'updated';
  /** the connection that was chosen, or of which it is said who made it */
  connectionId?: string;
  /** the deadline that was set */
  until?: Date;
}

/**
 * What happened to a request, oldest first: read from its history, so no worker is needed.
 *
 * @throws Nango.InvalidRequest with the reason `request_closed` if Temporal does not know the request any more
 */
export async function timelineOf({ client }: Place, { id, firstExecutionRunId }: RequestRef): Promise<TimelineEvent[]> {
  return await withTypedFailures(async () => {
    const reader = new Reader(client);
    let runId: string | null | undefined = firstExecutionRunId;
    while (runId) {
      let last: HistoryEvent | undefined;
      for await (const event of historyOf(client, id, runId)) {
        await reader.read(event);
        last = event;
      }
      runId = last?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
    }
    return reader.timeline;
  });
}

/** What a question tells that was opened after another. */
const OPENED: { [kind in Question['kind']]?: TimelineEvent['what'] } = {
  'approve-scopes': 'scopesMissing',
  'choose-connection': 'severalFound',
  'update-integration-scopes': 'notWidened',
  'recreate-connection': 'recreationOpened',
};

/** What an update may hold. */
interface Said {
  by?: string;
  until?: number;
  choice?: TimelineEvent['choice'];
  connectionId?: string;
  nonce?: string;
}

/** Follows a request through its events: what was said to it, and what its memo then showed. */
class Reader {
  readonly timeline: TimelineEvent[] = [];
  private view: Partial<RequestView> = {};
  /** what updates have done, by the ids of the events that accepted them */
  private readonly doneBy = new Map<string, TimelineEvent>();
  /** who has said what last, by the name of the update */
  private saidBy: { [update: string]: string | undefined } = {};

  constructor(private readonly client: Client) {}

  async read(event: HistoryEvent): Promise<void> {
    const at = new Date(Number(event.eventTime?.seconds ?? 0) * 1_000 + Number(event.eventTime?.nanos ?? 0) / 1e6);
    const update = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
    const memo = event.workflowPropertiesModifiedEventAttributes?.upsertedMemo?.fields?.[REQUEST_VIEW];
    const activity = event.activityTaskScheduledEventAttributes;
    if (event.workflowExecutionStartedEventAttributes && this.timeline.length === 0) this.add({ at, what: 'began' });
    const ended = event.workflowExecutionUpdateCompletedEventAttributes;
    if (update) this.updated(at, update.name ?? '', await this.first(update.args?.payloads), String(event.eventId));
    if (ended?.outcome?.failure) this.undo(String(ended.acceptedEventId));
    if (memo) this.changed(at, await this.first([memo]));
    if (activity?.activityType?.name === ACTIVITY.notify) this.notified(at, await this.first(activity.input?.payloads));
    if (event.workflowExecutionTerminatedEventAttributes) this.add({ at, what: 'cancelled' });
  }

  private updated(at: Date, name: string, input: unknown, eventId: string): void {
    const { by, until = 0, choice, connectionId, nonce } = (input ?? {}) as Said;
    this.saidBy[name] = by;
    if (name === UPDATE.issueLink) this.add({ at, what: 'clicked' });
    if (name === UPDATE.extend) this.add({ at, what: 'extended', by, until: new Date(until) });
    if (name === UPDATE.decide) {
      this.add({ at, what: this.isOfScopes ? 'scopesDecided' : 'decided', by, choice, connectionId });
    }
    if (name === UPDATE.confirmOwner) this.add({ at, what: 'ownerConfirmed', by, connectionId: this.madeBy(nonce) });
    if (name === UPDATE.refuseOwner) this.add({ at, what: 'ownerRefused', by, connectionId: this.madeBy(nonce) });
    const done = this.timeline.at(-1);
    if (done?.at === at) this.doneBy.set(eventId, done);
  }

  /** Of several that come at once all are accepted, and all but the first refused after that. */
  private undo(eventId: string): void {
    const done = this.doneBy.get(eventId);
    if (done !== undefined) this.timeline.splice(this.timeline.indexOf(done), 1);
  }

  /** What an operator says there is of an account, or of scopes. */
  private get isOfScopes(): boolean {
    const { question } = this.view;
    return question?.accountChange === undefined && question?.kind === 'update-integration-scopes';
  }

  /** The connection that bears the nonce of a link. */
  private madeBy(nonce: string | undefined): string | undefined {
    return this.view.question?.unconfirmed?.find((one) => one.nonce === nonce)?.connectionId;
  }

  private changed(at: Date, memo: unknown): void {
    const { status, extras = 0, question } = this.view;
    const { data: view } = requestViewSchema.safeParse(memo);
    if (view === undefined) return;
    if (view.question?.accountChange && !question?.accountChange) this.add({ at, what: 'accountChanged' });
    for (const { nonce, connectionId } of view.question?.unconfirmed ?? []) {
      if (this.madeBy(nonce) !== connectionId) this.add({ at, what: 'unconfirmed', connectionId });
    }
    const kind = view.question?.kind;
    const what = kind !== undefined && kind !== question?.kind ? OPENED[kind] : undefined;
    if (what !== undefined) this.add({ at, what });
    // It is no question to the person.
    if (view.status !== status && what !== 'severalFound') this.becomes(at, view.status);
    if (view.extras > extras) this.add({ at, what: 'extra' });
    this.view = view;
  }

  private becomes(at: Date, status: RequestView['status']): void {
    switch (status) {
      case 'checking':
        return;
      case 'waiting':
        return this.add({ at, what: 'opened' });
      case 'declined':
        return this.add({ at, what: status, by: this.saidBy[UPDATE.decline] });
      case 'cancelled':
        return this.add({ at, what: status, by: this.saidBy[UPDATE.cancel] });
      case 'connected':
      case 'timedOut':
        return this.add({ at, what: status });
    }
  }

  private notified(at: Date, input: unknown): void {
    const reason = notifyInputSchema.safeParse(input).data?.notice.reason;
    if (reason === 'opened') this.add({ at, what: 'notified' });
    if (reason !== 'reminder') return;
    this.add({ at, what: 'reminded', by: this.saidBy[UPDATE.remind] });
    // The next one may be due by itself.
    delete this.saidBy[UPDATE.remind];
  }

  private add(event: TimelineEvent): void {
    this.timeline.push(event);
  }

  private async first(payloads: Payload[] | null | undefined): Promise<unknown> {
    const { payloadCodecs, payloadConverter } = this.client.options.loadedDataConverter;
    let decoded = payloads ?? [];
    for (const codec of payloadCodecs.toReversed()) decoded = await codec.decode(decoded);
    return decoded[0] && payloadConverter.fromPayload(decoded[0]);
  }
}
