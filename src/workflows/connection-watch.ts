import {
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { checkForgottenLinks, checkWatchedLink } from '../contract/rules/check-messages';
import { SIGNAL } from '../contract/names';
import type { SweepInput, SweepResult, WatchedLink } from '../contract/types';
import { activitiesWith } from './activity-proxies';
import { forgetLinksSignal, hintSignal, isSound, watchLinkSignal } from './messages';
import { SweepPace } from './watch/sweep-pace';
import type { CarriedPace } from './watch/sweep-pace';
import { WatchedLinks } from './watch/watched-links';

/** Tried once: the watch itself tries again, later, and only for as long as there is a link. */
const { 'nango.sweep': sweep } = activitiesWith({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '2 minutes',
  retry: { maximumAttempts: 1 },
  summary: 'looks for new connections',
});

/** Temporal takes 10,000 signals a run. */
const MOST_SIGNALS = 5_000;
/** Signals that are on their way at a time; Temporal allows 2,000. */
const MOST_HINTS = 200;

/** What a run of the watch hands on to the next. */
interface Carried {
  links?: WatchedLink[];
  pages?: SweepInput['pages'];
  pace?: CarriedPace;
}

/**
 * Finds the connections whose webhook never comes, one for all requests of an environment. Lives while a link may
 * still be used, and until its connection has been reported or its request has ended.
 */
export function connectionWatch(): Promise<void>;
export async function connectionWatch(carried: Carried = {}): Promise<void> {
  const links = new WatchedLinks(carried.links);
  let pages = carried.pages ?? { made: 0, renewed: 0 };
  let signals = 0;
  let news = false;
  setHandler(watchLinkSignal, (link) => {
    signals++;
    if (!isSound(SIGNAL.watchLink, () => checkWatchedLink(link))) return;
    const dropped = links.add(link, Date.now());
    if (dropped > 0) log.warn('The oldest links are not watched any more: there are too many', { dropped });
    news = true;
  });
  setHandler(forgetLinksSignal, (forgotten) => {
    signals++;
    if (isSound(SIGNAL.forgetLinks, () => checkForgottenLinks(forgotten))) links.forget(forgotten.origin);
  });
  const isLong = (): boolean => signals >= MOST_SIGNALS || workflowInfo().continueAsNewSuggested;

  await condition(allHandlersFinished);
  const { madeSince, renewed, unlisted } = links.wanted();
  const lists = [madeSince !== undefined, renewed, unlisted !== undefined].filter(Boolean).length;
  const pace = new SweepPace(carried.pace, lists);
  for (;;) {
    links.expire(Date.now());
    if (links.isEmpty) {
      if (pace.debtMs > 0) await condition(() => !links.isEmpty, pace.debtMs);
      await condition(allHandlersFinished);
      if (links.isEmpty) return;
    }
    if (isLong()) {
      await condition(allHandlersFinished);
      await continueAsNew<(carried: Carried) => Promise<void>>({ links: links.all, pages, pace: pace.carried });
    }

    // A new link ends the slack; the pause is kept, whatever number of links comes.
    news = false;
    const over = (): boolean => links.isEmpty || isLong();
    const slack = pace.slackMs(links.ageOfNewest(Date.now()));
    if (slack > 0) await condition(() => news || over(), slack, { summary: 'a new link, or the next sweep' });
    await condition(over, Math.min(pace.pauseMs, links.leftMs(Date.now())), { summary: 'next sweep' });
    links.expire(Date.now());
    if (over()) continue;

    const { heads, ...where } = links.wanted();
    const result = await swept({ ...where, wanted: heads, pages });
    pages = result?.pages ?? pages;
    pace.swept(result);
    await hintAll(links, result?.seen ?? []);
  }
}

/** A sweep that is refused (a wrong key, say) finds nothing; the links stay, and the next may find something. */
async function swept(input: SweepInput): Promise<SweepResult | undefined> {
  try {
    const result = await sweep(input);
    if (result.failure !== undefined) log.warn('A sweep failed', result.failure);
    return result;
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('A sweep failed', { error: String(error) });
    return undefined;
  }
}

async function hintAll(links: WatchedLinks, seen: SweepResult['seen']): Promise<void> {
  const hints = seen.flatMap(({ nonce, connectionId }) => {
    const link = links.take(nonce);
    return link === undefined ? [] : [{ link, connectionId }];
  });
  while (hints.length > 0) await Promise.all(hints.splice(0, MOST_HINTS).map(hint));
}

/** A request that has closed in the meantime needs no hint. */
async function hint({ link: { requestId, nonce }, connectionId }: { link: WatchedLink; connectionId: string }) {
  try {
    await getExternalWorkflowHandle(requestId).signal(hintSignal, { source: 'watch', connectionId, nonce });
  } catch {
    // not found
  }
}
