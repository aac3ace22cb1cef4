import {
  allHandlersFinished,
  condition,
  isCancellation,
  log,
  makeContinueAsNewFunc,
  patched,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { nangoFailure } from '../contract/errors';
import { HOLDS, SIGNAL } from '../contract/names';
import { checkConfirmedLink, checkHolds } from '../contract/rules/check-holds';
import type { HeldConnection, HeldStatus, HoldConnectionInput } from '../contract/types';
import { activitiesWith, PATIENT } from './activity-proxies';
import { confirm, due, find, hold, isFull, nextReadAt, read, viewOf, written } from './holds/holds-state';
import type { Held, HoldsState } from './holds/holds-state';
import { inWords } from './holds/in-words';
import { confirmedSignal, holdUpdate, isSound } from './messages';

/** Temporal takes 2,000 updates a run. */
const MOST_UPDATES = 1_500;
/** One that was started without a connection to hold ends after so long. */
const UNUSED_MS = 60_000;

const { 'nango.readHeld': readHeld } = activitiesWith({
  ...PATIENT,
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '15 seconds',
  scheduleToCloseTimeout: '10 minutes',
  summary: 'whether held connections are confirmed',
});

/**
 * Knows the connections of an environment that may come into somebody's hands before anybody has confirmed whose they are.
 * Its memo says to every worker which: before a call through one of them it reads whether it is confirmed. One for an
 * environment; it lives while anything is held.
 */
export function connectionHolds(): Promise<void>;
export async function connectionHolds(carried: HoldsState = []): Promise<void> {
  let state = carried;
  let updates = 0;

  function move(next: HoldsState): void {
    state = next;
    setCurrentDetails(inWords(state));
  }

  async function held(inputs: HoldConnectionInput[]): Promise<HeldConnection[]> {
    updates++;
    // Of several that come at once each is validated before the first is handled: so they are checked once more.
    checkAreFree(inputs);
    const now = Date.now();
    const added = inputs.filter(({ connection }) => find(state, connection) === undefined);
    const version = { remembers: patched('temporal-nango/holds'), once: () => patched('temporal-nango/holds-once') };
    move(inputs.reduce((before, input) => hold(before, input, now, version), state));
    if (added.length > 0) {
      upsertMemo({ [HOLDS]: viewOf(state) });
      // Nobody can read it before this workflow task has ended, which may be long after it began.
      await sleep(1, { summary: 'the memo is written' });
      const at = Date.now();
      move(added.reduce((before, { connection }) => written(before, connection, at), state));
    }
    const since = ({ connection }: HoldConnectionInput): number | undefined => find(state, connection)?.since;
    await condition(() => inputs.every((input) => since(input) !== undefined));
    return inputs.map((input) => ({ since: since(input) ?? Date.now() }));
  }

  function checkAreFree(inputs: HoldConnectionInput[]): void {
    if (!isFull(state) || inputs.every(({ connection }) => find(state, connection) !== undefined)) return;
    throw nangoFailure('Nango.InvalidRequest', { field: 'connection', hint: 'Too many connections are held.' });
  }

  setHandler(holdUpdate, held, {
    validator(inputs) {
      checkHolds(inputs);
      checkAreFree(inputs);
    },
  });
  setHandler(confirmedSignal, (link) => {
    if (isSound(SIGNAL.confirmed, () => checkConfirmedLink(link))) move(confirm(state, link, Date.now()));
  });
  setCurrentDetails(inWords(state));
  const isLong = (): boolean => updates >= MOST_UPDATES || workflowInfo().continueAsNewSuggested;

  if (state.length === 0) await condition(() => updates > 0, UNUSED_MS, { summary: 'the first connection' });
  for (;;) {
    if (state.length === 0 || isLong()) await condition(allHandlersFinished);
    if (state.length === 0) return;
    if (isLong()) return await continueWith(state);
    const before = state;
    const wait = nextReadAt(state) - Date.now();
    if (wait > 0) {
      await condition(() => state !== before || isLong(), wait, { summary: 'the next reading' });
      continue;
    }
    const batch = due(state, Date.now());
    const statuses = await readings(batch);
    const next = read(state, batch, statuses, Date.now());
    const isFewer = next.length < state.length;
    move(next);
    if (isFewer) upsertMemo({ [HOLDS]: viewOf(state) });
  }
}

/** With its memo, which workers read before the next run has begun. */
async function continueWith(state: HoldsState): Promise<void> {
  const next = makeContinueAsNewFunc<(carried: HoldsState) => Promise<void>>({ memo: { [HOLDS]: viewOf(state) } });
  await next(state);
}

/** What cannot be read stays held. */
async function readings(held: Held[]): Promise<HeldStatus[]> {
  try {
    return await readHeld({ connections: held.map(({ connection }) => connection) });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('Held connections could not be read', { error: String(error) });
    return [];
  }
}
