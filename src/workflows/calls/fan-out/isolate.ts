/** Another workflow's call may have killed the worker just then: one that is alone is tried once more. */
const TRIES_ALONE = 2;

/**
 * Finds the calls that kill workers among those whose worker was lost: one batch at a time, so that no other is lost with
 * it, and in halves, until the call is alone.
 *
 * @param lost batches whose worker was lost
 * @param carryOut gives back what was lost of these calls, in batches
 * @param giveUp is given each call that is lost alone
 */
export async function isolate(
  lost: number[][],
  carryOut: (calls: number[]) => Promise<number[][]>,
  giveUp: (call: number) => void,
): Promise<void> {
  const suspects = [...lost];
  const triesAlone = new Map<number, number>();
  for (let batch = suspects.pop(); batch !== undefined; batch = suspects.pop()) {
    if (batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      const [first, second] = [batch.slice(0, middle), batch.slice(middle)];
      suspects.push(...(await carryOut(first)), ...(await carryOut(second)));
      continue;
    }
    const call = batch[0]!;
    const tries = (triesAlone.get(call) ?? 0) + 1;
    triesAlone.set(call, tries);
    if (tries > TRIES_ALONE) giveUp(call);
    else suspects.push(...(await carryOut(batch)));
  }
}
