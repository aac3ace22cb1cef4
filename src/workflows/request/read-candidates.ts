import { condition, isCancellation, log } from '@temporalio/workflow';
import { activitiesWith } from '../activity-proxies';
import { candidatesToRead } from './choosing-step';
import type { LiveRequest } from './live-request';

/** Nobody waits for it, and each read counts at Nango as a use of the connection. */
const { 'nango.readCandidates': readCandidates } = activitiesWith({
  startToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 3 },
  summary: 'what the connections to choose from were granted',
});

/** Learns what a list does not tell of the connections between which somebody has to choose; once a question. */
export async function readAllCandidates(live: LiveRequest): Promise<never> {
  for (;;) {
    await condition(() => candidatesToRead(live.state) !== undefined);
    const { integration } = live.state.subject;
    const connectionIds = candidatesToRead(live.state) ?? [];
    let scopes: { [connectionId: string]: string[] } = {};
    try {
      ({ scopes } = await readCandidates({ integration, connectionIds }));
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.warn('What the connections to choose from were granted could not be read', { error: String(error) });
    }
    live.apply({ type: 'candidatesRead', scopes, now: Date.now() });
  }
}
