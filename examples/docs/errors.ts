import { detailsOf, ensureConnection, findNangoFailure, nango, path } from 'temporal-nango/workflow';

export async function dealOf(userId: string, dealId: string) {
  try {
    const hubspot = await ensureConnection({ integration: 'hubspot', endUser: { id: userId } });
    return await nango.get(hubspot, path`/crm/v3/objects/deals/${dealId}`);
  } catch (error) {
    const failure = findNangoFailure(error);
    if (failure?.type === 'Nango.ConnectionDeclined') return 'not connected';
    if (failure?.type === 'Nango.ProviderRejected' && detailsOf(failure).status === 404) return 'no such deal';
    throw error; // a cancellation too: it is no failure of this package
  }
}
