// A workflow bundle of a user's own, which carries our workflows too.
import { ensureConnection, nango, path } from 'temporal-nango/workflow';

export * from 'temporal-nango/worker-workflows';

export async function owner(userId: string): Promise<unknown> {
  const hubspot = await ensureConnection({ integration: 'hubspot', endUser: { id: userId } });
  return await nango.get(hubspot, path`/crm/v3/owners/me`);
}
