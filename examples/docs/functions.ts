import type { DeploymentRef, Json, NangoConnections } from 'temporal-nango';

export async function tryGreet(connections: NangoConnections, code: string, connectionId: string, input: Json) {
  const greet = { integration: 'resend', name: 'greet' };
  const deployment = await connections.deployFunction({ ...greet, code, connectionId, input });
  return deployment.ref; // JSON, for a database
}

export async function agreeToGreet(connections: NangoConnections, ref: DeploymentRef) {
  const deployment = connections.deployment(ref);
  const { status, dryRun } = await deployment.view();
  if (status !== 'waiting') return { status };
  await deployment.approve({ by: 'ann@example.com' });
  const { version, run } = await deployment.result();
  return { status, dryRun, version, run };
}
