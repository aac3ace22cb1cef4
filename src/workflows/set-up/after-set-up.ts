import { patched } from '@temporalio/workflow';
import { findNangoFailure } from '../../contract/errors';
import type { JoinEnd, WorkflowEnsureConnectionInput } from '../../contract/types';
import { ensureIntegration } from '../ensure-integration';

/**
 * Gets a connection; where its integration is missing and the caller says whose API it is, sets that up, and tries again.
 *
 * @param deadline of both together, in milliseconds since the epoch
 */
export async function afterSetUp(
  input: WorkflowEnsureConnectionInput,
  deadline: number,
  connect: () => Promise<JoinEnd>,
): Promise<JoinEnd> {
  const { integration, provider, allowNangoApp, scopes, ignoreCoolDown, taskQueue } = input;
  if (provider === undefined) return await connect();
  const first = await unlessMissing(connect);
  if (first !== undefined) return first;
  // Before `provider` nobody came here.
  patched('temporal-nango/set-up');
  await ensureIntegration({ integration, provider, allowNangoApp, scopes, deadline, ignoreCoolDown, taskQueue });
  return await connect();
}

/** @returns nothing if there is no such integration */
async function unlessMissing(connect: () => Promise<JoinEnd>): Promise<JoinEnd | undefined> {
  try {
    const end = await connect();
    return end.status === 'failed' && end.failure.type === 'Nango.IntegrationNotFound' ? undefined : end;
  } catch (error) {
    if (findNangoFailure(error)?.type === 'Nango.IntegrationNotFound') return undefined;
    throw error;
  }
}
