import type { ActivityExecutionDescription, ActivityHandle } from '@temporalio/client';
import { ACTIVITY } from '../contract/names';
import { healingJoinId, requestId } from '../contract/request-id';
import { healingReadInputSchema } from '../contract/schemas/calls';
import type { HealingReadInput } from '../contract/types';
import { leaveRequest } from '../requests/leave';
import type { Place } from '../requests/start';

/** A person's request waits no longer for this than a client does for a worker. */
const LEAVE_MS = 10_000;

/** What a read that heals was started with. @returns nothing for another call, and where this client cannot read it */
export async function healingInputOf(description: ActivityExecutionDescription): Promise<HealingReadInput | undefined> {
  if (description.activityType !== ACTIVITY.healingRead) return undefined;
  const [input] = (await description.getInput().catch(() => [])) as unknown[];
  return healingReadInputSchema.safeParse(input).data;
}

/**
 * A read that heals and was cancelled waits for its owner no longer. Between two attempts nothing of it runs that could say
 * so; and an attempt may be about to join, so its end comes first.
 */
export async function leaveCancelled(place: Place, handle: ActivityHandle<unknown>): Promise<void> {
  const input = await healingInputOf(await handle.describe({ includeInput: true }));
  if (input === undefined) return;
  const { connection, heal } = input;
  const { owner, slot } = heal;
  await handle.result().catch(() => undefined);
  const id = requestId(place.environment, { integration: connection.integration, owner, slot });
  const leave = (): Promise<void> => leaveRequest(place, id, healingJoinId(handle.activityId));
  // Without a worker the request learns nothing; then it waits as long as the call would have.
  await place.client.withDeadline(Date.now() + LEAVE_MS, leave).catch(() => undefined);
}
