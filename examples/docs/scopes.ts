import { ensureConnection, nango } from 'temporal-nango/workflow';

export async function readDeals(userId: string) {
  const scopes = ['crm.objects.deals.read'];
  const hubspot = await ensureConnection({ integration: 'hubspot', endUser: { id: userId }, scopes });
  // grantedScopes holds them; or scopesChecked is false, and only the call will tell
  return await nango.get(hubspot, '/crm/v3/objects/deals');
}
