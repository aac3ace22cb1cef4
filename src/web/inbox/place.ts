import type { Client } from '@temporalio/client';
import type { NangoConnections } from '../../client';
import type { NangoConfig } from '../../config';
import type { IntegrationFaces } from '../logos/integration-faces';
import { MAX_SILENCE_MS } from '../../requests/pollers';

/** What the pages are made from. */
export interface InboxPlace {
  client: Client;
  connections: NangoConnections;
  config: NangoConfig;
  /** names and logos of integrations */
  faces: IntegrationFaces;
  /** whether the inbox itself has signed its operators in */
  canSignOut: boolean;
}

/** Whether somebody polls the queue. A server that does not tell, such as a test's, says nothing about it. */
export async function hasWorker({ connections }: InboxPlace): Promise<boolean> {
  const workers = await connections.workers();
  return workers?.some(({ lastSeen }) => Date.now() - lastSeen.getTime() < MAX_SILENCE_MS) ?? true;
}
