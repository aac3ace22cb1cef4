import type { Client } from '@temporalio/client';
import type { ConnectionRequest } from './connection-request';
import type { RequestDescription } from './description';

const WITHIN_MS = 2_000;

/** A description with all scopes of its question, which a memo has no room for, if a worker tells them in time. */
export async function withAllScopes(
  client: Client,
  request: ConnectionRequest,
  description: RequestDescription,
): Promise<RequestDescription> {
  const { view } = description;
  if (view.question?.scopes?.more === undefined) return description;
  const reading = client.withDeadline(Date.now() + WITHIN_MS, () => request.view());
  const { question, scopes } = await reading.catch(() => view);
  return { ...description, view: { ...view, question, scopes } };
}
