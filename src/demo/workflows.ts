import { ensureConnection, nango, path } from '../workflow';
import type { Call, Connection, EnsureConnectionInput, Outcome } from '../workflow';

/** What the demo's automation returns: the connection it waited for, and how its calls ended, in order. */
export interface AutomationResult {
  connection: Connection;
  outcomes: Outcome[];
}

/** A long-running automation: it waits for a person, then reads many contacts and runs a few actions. */
export async function onboard(userId: string, contacts: number, actions: number): Promise<AutomationResult> {
  const hubspot = await ensureConnection({ integration: 'hubspot', endUser: { id: userId } });
  const reads: Call[] = range(contacts).map((id) => ({
    method: 'GET',
    endpoint: path`/crm/v3/objects/contacts/${id}`,
  }));
  const runs: Call[] = range(actions).map((index) => ({ action: 'greet', input: { index } }));
  return { connection: hubspot, outcomes: await nango.fanOut(hubspot, [...reads, ...runs]) };
}

/** The same wait, then calls of the caller's own choice. */
export async function callThrough(wanted: EnsureConnectionInput, calls: Call[]): Promise<AutomationResult> {
  const connection = await ensureConnection(wanted);
  return { connection, outcomes: await nango.fanOut(connection, calls) };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
