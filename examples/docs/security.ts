import { ensureConnection } from 'temporal-nango/workflow';

export async function renew(userId: string, connectionId: string) {
  const identity = { endpoint: '/account-info/v3/details', pointer: '/portalId' };
  const wanted = { integration: 'hubspot', endUser: { id: userId }, identity };
  // with another account behind it, this returns after request.decide('yes', { by: 'ops@example.com' })
  return await ensureConnection({ ...wanted, reconnect: connectionId });
}
