import { ApplicationFailure, continueAsNew, log, sleep } from '@temporalio/workflow';
import type { Duration } from '@temporalio/common';
import { badResponse, ensureConnection, findNangoFailure, nango, partOf, path } from 'temporal-nango/workflow';
import type { Call, ConnectionRef, Json } from 'temporal-nango/workflow';

export interface DealReport {
  userId: string;
  dealIds: string[];
  rounds: number;
  /** between two rounds; default one day */
  pause?: Duration;
  /** rounds that earlier runs have done */
  done?: number;
}

/** A history grows with every round; after this many the workflow goes on with an empty one. */
const ROUNDS_A_RUN = 7;

/**
 * Adds up a user's deals every day and writes the sum to HubSpot, for as many days as told.
 *
 * @returns the number of rounds
 */
export async function reportDeals(report: DealReport): Promise<number> {
  const { userId, dealIds, rounds, pause = '1 day', done = 0 } = report;
  const end = Math.min(done + ROUNDS_A_RUN, rounds);
  for (let round = done + 1; round <= end; round++) {
    // Every day anew: if the account was disconnected overnight, its owner is asked again, and the round waits. With heal
    // it waits in the middle too, and goes on where it was.
    const hubspot = await ensureConnection({ integration: 'hubspot', endUser: { id: userId }, heal: true });
    await writeReport(hubspot, round, await sumOf(hubspot, dealIds));
    if (round < rounds) await sleep(pause);
  }
  if (end < rounds) await continueAsNew<typeof reportDeals>({ ...report, done: end });
  return end;
}

/** A deal that was deleted counts nothing; any other that cannot be read fails the workflow. */
async function sumOf(hubspot: ConnectionRef, dealIds: string[]): Promise<number> {
  const calls = dealIds.map((id): Call => {
    return { method: 'GET', endpoint: path`/crm/v3/objects/deals/${id}`, pick: ['/properties/amount'] };
  });
  let sum = 0;
  for (const outcome of await nango.fanOut(hubspot, calls)) {
    if (outcome.ok) sum += amountOf(outcome.data);
    else if (outcome.error.status !== 404)
      throw ApplicationFailure.nonRetryable('A deal cannot be read', outcome.error.type);
  }
  return sum;
}

/** HubSpot writes numbers as texts, and null where nobody has entered one. Anything else fails the workflow. */
function amountOf(deal: Json): number {
  const amount = partOf(deal, '/properties/amount');
  if (amount === null || amount === '') return 0;
  const number = typeof amount === 'string' ? Number(amount) : NaN;
  if (Number.isNaN(number)) throw badResponse('/properties/amount is not a number.');
  return number;
}

async function writeReport(hubspot: ConnectionRef, round: number, sum: number): Promise<void> {
  try {
    await nango.post(hubspot, '/crm/v3/objects/notes', { properties: { hs_note_body: `Day ${round}: ${sum}` } });
  } catch (error) {
    // It may be there or not. Writing again might double it; tomorrow brings the next one.
    if (findNangoFailure(error)?.type !== 'Nango.OutcomeUnknown') throw error;
    log.warn('A report may be missing', { round });
  }
}
