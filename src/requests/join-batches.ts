import { ApplicationFailure } from '@temporalio/common';
import { jsonBytes } from '../contract/rules/json';
import { MAX_JOINS, MAX_PAYLOAD_BYTES } from '../contract/limits';
import { requestId } from '../contract/request-id';
import type { JoinResponse, Subject } from '../contract/types';
import { describeWorkflow } from './describe-workflow';
import { endOfLast, lastMayRespond, refusedBefore } from './last-request';
import type { JoinTerms } from './last-request';
import { startOrJoin } from './start';
import type { Place } from './start';

/** In a burst one travels with all who come this soon after another, so many times. Only workflows wait so, no person. */
const GATHER_MS = 20;
const GATHERINGS = 10;

/** A join that waits to travel. */
interface Traveller extends JoinTerms {
  place: Place;
  subject: Subject;
  bytes: number;
  resolve: (response: JoinResponse) => void;
  reject: (error: unknown) => void;
}

/**
 * Joins of this process: those to one request travel together, one update after the other, since a server takes only ten
 * updates of a workflow at a time. What waits inside the request for its first lookup travels apart, to hold up nobody.
 */
export class JoinBatches {
  /** by request and whether the join waits inside; one that is not there is idle */
  private readonly lanes = new Map<string, Traveller[]>();

  /** @throws what the request refuses this join for, or what went wrong with the update */
  async join(place: Place, subject: Subject, terms: JoinTerms, deadlineMs: number): Promise<JoinResponse> {
    const waitsInside = terms.join.subscriber === undefined;
    const lane = `${waitsInside ? 'waits' : 'notified'} ${requestId(place.environment, subject)}`;
    return await new Promise<JoinResponse>((resolve, reject) => {
      const traveller = { ...terms, place, subject, bytes: jsonBytes(terms.join), resolve, reject };
      const before = this.lanes.get(lane);
      if (before !== undefined) return void before.push(traveller);
      const travellers = [traveller];
      this.lanes.set(lane, travellers);
      void this.run(lane, travellers, waitsInside ? 0 : GATHERINGS, deadlineMs);
    });
  }

  private async run(lane: string, waiting: Traveller[], gatherings: number, deadlineMs: number): Promise<void> {
    // Whoever calls off its own call does not call off those that travel along.
    const { signal } = new AbortController();
    while (waiting.length > 0) {
      await gather(waiting, gatherings);
      const batch = takeBatch(waiting);
      const { client } = batch[0].place;
      await client.withAbortSignal(signal, () =>
        client
          .withDeadline(Date.now() + deadlineMs, () => send(batch))
          .catch((error: unknown) => {
            for (const { reject } of batch) reject(error);
          }),
      );
    }
    this.lanes.delete(lane);
  }
}

async function gather(waiting: Traveller[], times: number): Promise<void> {
  for (let before = 0, n = 0; n < times && waiting.length > before && waiting.length < MAX_JOINS; n++) {
    before = waiting.length;
    await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
  }
}

/** As many as one update holds. */
function takeBatch(waiting: Traveller[]): [Traveller, ...Traveller[]] {
  let bytes = 0;
  const end = waiting.slice(0, MAX_JOINS).findIndex((one) => (bytes += one.bytes) > MAX_PAYLOAD_BYTES);
  const count = end === -1 ? MAX_JOINS : Math.max(end, 1);
  return waiting.splice(0, count) as [Traveller, ...Traveller[]];
}

async function send(batch: [Traveller, ...Traveller[]]): Promise<void> {
  const [{ place, subject }] = batch;
  const id = requestId(place.environment, subject);
  const last = await describeWorkflow(place.client, id);
  const ends = await Promise.all(
    batch.map(async (terms) => (last && lastMayRespond(terms) ? await endOfLast(place, last, terms) : undefined)),
  );
  const joining = batch.filter((_, i) => ends[i] === undefined);
  const responses =
    joining.length === 0
      ? []
      : await startOrJoin(
          place,
          subject,
          joining.map(({ join }) => join),
          refusedBefore(last, Math.max(...joining.map(({ at }) => at))),
        );
  for (const [i, { resolve }] of batch.entries()) {
    const end = ends[i];
    if (end !== undefined) resolve(end);
  }
  for (const [i, { resolve, reject }] of joining.entries()) {
    const response = responses[i];
    if (response instanceof ApplicationFailure) reject(response);
    else if (response !== undefined) resolve(response);
  }
}
