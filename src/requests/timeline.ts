import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { ACTIVITY, REQUEST_VIEW, UPDATE } from '../contract/names';
import { notifyInputSchema, requestViewSchema } from '../contract/schemas/requests';
import type { RequestRef, RequestView } from '../contract/types';
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
    /** the connection was not granted what is needed, so its owner is asked for more */
    | 'scopesMissing'
    | 'decided'
    | 'connected'
    /** a link has made further connections, which nothing uses */
    | 'extra'
    | 'declined'
    | 'timedOut'
    | 'cancelled';
  /** who did it, where that is known */
  by?: string;
  /** what was decided */
  choice?: 'yes' | 'no';
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

function isApproval({ question }: Partial<RequestView>): boolean {
  return question?.kind === 'approve-scopes';
}

/** Follows a request through its events: what was said to it, and what its memo then showed. */
class Reader {
  readonly timeline: TimelineEvent[] = [];
  private view: Partial<RequestView> = {};
  /** who has said what last, by the name of the update */
  private saidBy: { [update: string]: string | undefined } = {};

  constructor(private readonly client: Client) {}

  async read(event: HistoryEvent): Promise<void> {
    const at = new Date(Number(event.eventTime?.seconds ?? 0) * 1_000 + Number(event.eventTime?.nanos ?? 0) / 1e6);
    const update = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
    const memo = event.workflowPropertiesModifiedEventAttributes?.upsertedMemo?.fields?.[REQUEST_VIEW];
    const activity = event.activityTaskScheduledEventAttributes;
    if (event.workflowExecutionStartedEventAttributes && this.timeline.length === 0) this.add({ at, what: 'began' });
    if (update) this.updated(at, update.name ?? '', await this.first(update.args?.payloads));
    if (memo) this.changed(at, await this.first([memo]));
    if (activity?.activityType?.name === ACTIVITY.notify) this.notified(at, await this.first(activity.input?.payloads));
    if (event.workflowExecutionTerminatedEventAttributes) this.add({ at, what: 'cancelled' });
  }

  private updated(at: Date, name: string, input: unknown): void {
    const { by, until = 0, choice } = (input ?? {}) as { by?: string; until?: number; choice?: 'yes' | 'no' };
    this.saidBy[name] = by;
    if (name === UPDATE.issueLink) this.add({ at, what: 'clicked' });
    if (name === UPDATE.extend) this.add({ at, what: 'extended', by, until: new Date(until) });
    if (name === UPDATE.decide) this.add({ at, what: 'decided', by, choice });
  }

  private changed(at: Date, memo: unknown): void {
    const { status, extras = 0, question } = this.view;
    const { data: view } = requestViewSchema.safeParse(memo);
    if (view === undefined) return;
    if (view.question?.accountChange && !question?.accountChange) this.add({ at, what: 'accountChanged' });
    if (isApproval(view) && !isApproval(this.view)) this.add({ at, what: 'scopesMissing' });
    if (view.status !== status) this.becomes(at, view.status);
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
