import type { NangoConnections } from 'temporal-nango';

/** What an operator's own program may do every hour: of several connections it takes the oldest. */
export async function chooseOldest(nango: NangoConnections) {
  for (const { id, question } of await nango.requests()) {
    const [oldest] = question?.candidates ?? [];
    const described = oldest && (await nango.describeRequest(id));
    if (!described) continue;
    await nango.request(described.ref).choose(oldest.connectionId, { by: 'oldest-first@example.com' });
  }
}
