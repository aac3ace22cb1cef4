import type { NangoConnections } from 'temporal-nango';

export async function makeIntegration(nango: NangoConnections, provider: string) {
  const ensured = await nango.ensureIntegration({ provider });
  if (ensured.kind === 'integration') return ensured.integration;
  await ensured.decide({
    choice: 'own',
    credentials: { clientId: 'abc', clientSecret: { fromEnv: 'HUBSPOT_SECRET' } },
    by: 'ann@example.com',
  });
  return (await ensured.result()).integration;
}
