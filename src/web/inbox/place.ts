import type { Client } from '@temporalio/client';
import type { NangoConnections } from '../../client';
import type { NangoConfig } from '../../config';

/** What the pages are made from. */
export interface InboxPlace {
  client: Client;
  connections: NangoConnections;
  config: NangoConfig;
  taskQueue: string;
  /** whether the inbox itself has signed its operators in */
  canSignOut: boolean;
}

/** A poll that finds nothing ends after a minute and the next one begins; the server forgets a poller after five. */
const MAX_SILENCE_MS = 120_000;

/** Whether somebody polls the queue. A server that does not tell, such as a test's, says nothing about it. */
export async function hasWorker({ connections }: InboxPlace): Promise<boolean> {
  const workers = await connections.workers();
  return workers?.some(({ lastSeen }) => Date.now() - lastSeen.getTime() < MAX_SILENCE_MS) ?? true;
}
