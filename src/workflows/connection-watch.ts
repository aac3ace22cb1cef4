import {
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { LINK_GRACE_MS, LINK_TTL_MS } from '../contract/limits';
import type { SweepInput, SweepResult, WatchedLink } from '../contract/types';
import { activitiesWith, PATIENT } from './activity-proxies';
import { hintSignal, watchLinkUpdate } from './messages';

const FASTEST_MS = 5_000;
const SLOWEST_MS = 120_000;
/** Of the account's rate limit, however many links there are: a sweep is one GET, and one a reconnect. */
const SHARE_OF_LIMIT = 0.05;
/** Connections may seem older than the link they came from: clocks differ. */
const CLOCK_TOLERANCE_MS = 60_000;

const { 'nango.sweep': sweep } = activitiesWith({ ...PATIENT, summary: 'looks for new connections' });

/**
 * Finds the connections whose webhook never comes, one for all requests of an environment. Lives while a link may
 * still be used, and until its connection has been reported.
 */
export async function connectionWatch({ links: carried = [] }: { links?: WatchedLink[] } = {}): Promise<void> {
  let links = carried;
  let news = false;
  setHandler(watchLinkUpdate, (link) => {
    links = [...links.filter(({ nonce }) => nonce !== link.nonce), link];
    news = true;
  });

  let fastest = FASTEST_MS;
  let spacing = FASTEST_MS;
  for (;;) {
    links = links.filter((link) => link.until + LINK_GRACE_MS > Date.now());
    if (links.length === 0) {
      await condition(allHandlersFinished);
      if (links.length === 0) return;
    }
    if (workflowInfo().continueAsNewSuggested && allHandlersFinished()) {
      await continueAsNew<typeof connectionWatch>({ links });
    }

    // A new link ends the slow part of the wait; the quick part is kept, whatever number of links comes.
    news = false;
    if (spacing > fastest) await condition(() => news, spacing - fastest, { summary: 'a new link, or the next sweep' });
    await sleep(fastest, { summary: 'next sweep' });

    const since = Math.min(...links.map(issuedAt)) - CLOCK_TOLERANCE_MS;
    const reconnects = links.flatMap(({ reconnectOf }) => reconnectOf ?? []);
    const { seen, limitPerMinute } = await swept({ since, reconnects: reconnects.length > 0 ? reconnects : undefined });
    for (const { connectionId, nonce } of seen) {
      const link = links.find((l) => l.nonce === nonce);
      if (link === undefined) continue;
      links = links.filter((l) => l !== link);
      await hint(link, connectionId);
    }
    const requests = 1 + reconnects.length;
    if (limitPerMinute !== undefined) {
      fastest = Math.max(FASTEST_MS, (60_000 * requests) / (SHARE_OF_LIMIT * limitPerMinute));
    }
    // Quick while somebody is likely to be on the connect page, then ever slower.
    const ageOfNewest = Date.now() - Math.max(...links.map(issuedAt));
    spacing = Math.max(fastest, Math.min(ageOfNewest / 4, SLOWEST_MS));
  }
}

/** A sweep that is refused (a wrong key, say) finds nothing; the links stay, and the next may find something. */
async function swept(input: SweepInput): Promise<SweepResult> {
  try {
    return await sweep(input);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('A sweep failed', { error: String(error) });
    return { seen: [] };
  }
}

function issuedAt(link: WatchedLink): number {
  return link.until - LINK_TTL_MS;
}

/** A request that has closed in the meantime needs no hint. */
async function hint({ requestId, nonce }: WatchedLink, connectionId: string): Promise<void> {
  try {
    await getExternalWorkflowHandle(requestId).signal(hintSignal, { source: 'watch', connectionId, nonce });
  } catch {
    // not found
  }
}
