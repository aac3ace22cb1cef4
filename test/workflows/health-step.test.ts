import { connectionKey } from '../../src/contract/request-id';
import { jsonBytes } from '../../src/contract/rules/json';
import type { FailingReport, FailingSign, ForcedRefresh } from '../../src/contract/types';
import { handedOn } from '../../src/workflows/health/handed-on';
import { begin } from '../../src/workflows/health/health-state';
import type { DueVerdict, HealthState } from '../../src/workflows/health/health-state';
import { isFirst401, nextDue, revivedBy, step } from '../../src/workflows/health/health-step';
import type { HealthEvent } from '../../src/workflows/health/health-step';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 1);

/** How a connection is at a time. */
interface Simulated {
  id: string;
  /** when it is used: every so often, from this offset on */
  everyMs?: number;
  offsetMs?: number;
  sign?: FailingSign;
  isDead?: (now: number) => boolean;
  refresh?: ForcedRefresh;
}

/** Plays an application by the minute: hourly jobs that wait while their connection fails, and Nango's list. */
class Simulation {
  state: HealthState | undefined;
  readonly reconnects: { id: string; at: number }[] = [];
  readonly outages: number[] = [];
  readonly refreshes = new Map<string, number[]>();
  private now = START;
  private worked = new Set<string>();
  private readonly waiting = new Set<string>();

  constructor(
    private readonly connections: Simulated[],
    private readonly isDown: (now: number) => boolean,
    /** listed as failing, and not in use */
    private readonly longDead: string[] = [],
  ) {}

  run(ms: number): void {
    for (const end = START + ms; this.now < end; this.now += MINUTE) {
      for (const connection of this.connections) if (this.isUsed(connection)) this.call(connection);
      if (this.state !== undefined) this.live();
    }
  }

  private isUsed({ id, everyMs, offsetMs = 0 }: Simulated): boolean {
    const at = this.now - START - offsetMs;
    return everyMs !== undefined && at >= 0 && at % everyMs === 0 && !this.waiting.has(id);
  }

  private fails({ isDead = () => false }: Simulated): boolean {
    return this.isDown(this.now) || isDead(this.now);
  }

  private call(connection: Simulated, waitId = `${connection.id} ${this.now}`, isTry = false): void {
    const { id, isDead = never } = connection;
    const sign = isDead(this.now) ? (connection.sign ?? 'refresh') : 'refresh';
    if (!this.fails(connection)) {
      this.worked.add(id);
      this.waiting.delete(id);
      if (this.state !== undefined && isTry) this.apply({ type: 'works', connectionId: id });
      return;
    }
    this.refreshes.set(id, [...(this.refreshes.get(id) ?? []), this.now - START]);
    this.state ??= begin(this.now);
    this.waiting.add(id);
    const waiter = { workflowId: id, waitId };
    this.apply({ type: 'reported', connectionId: id, sign, tried: true, waiter });
  }

  private live(): void {
    for (let round = 0; round < 100; round++) {
      const state = this.state!;
      if (state.suspects.length === 0 && state.stoodThere !== undefined) return void (this.state = undefined);
      const unrefreshed = state.suspects.find(({ refresh }) => refresh === 'wanted');
      if (state.readAt <= this.now) this.read();
      else if (unrefreshed !== undefined) {
        const { refresh = 'unknown' } = this.find(unrefreshed.connectionId);
        this.apply({ type: 'refreshed', connectionId: unrefreshed.connectionId, outcome: refresh });
      } else if (nextDue(state, this.now) <= this.now) this.apply({ type: 'tick' });
      else return;
    }
    throw new Error('It never comes to rest');
  }

  private read(): void {
    const failing = this.connections.filter(
      ({ id, sign }) => this.refreshes.has(id) && sign !== 'unauthorized' && this.fails(this.find(id)),
    );
    const keys = [...failing.map(({ id }) => id), ...this.longDead].map(connectionKey);
    this.apply({ type: 'read', failing: keys, working: [...this.worked].map(connectionKey) });
    this.worked = new Set();
  }

  private apply(event: HealthEvent): void {
    const before = this.state!;
    const next = step(before, event, this.now);
    this.state = next.state;
    if (before.outage === undefined && next.state.outage !== undefined) this.outages.push(this.now - START);
    for (const verdict of next.verdicts) this.take(verdict);
  }

  private take({ workflowId: id, waitId, verdict }: DueVerdict): void {
    if (verdict === 'reconnect') this.reconnects.push({ id, at: this.now - START });
    else if (verdict === 'try') this.call(this.find(id), waitId, true);
    else this.call(this.find(id));
  }

  private find(id: string): Simulated {
    return this.connections.find((connection) => connection.id === id)!;
  }
}

function inUse(count: number): Simulated[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `c-${n}`,
    everyMs: HOUR,
    offsetMs: Math.floor((n * 60) / count) * MINUTE,
  }));
}

const never = (): boolean => false;
const from = (ms: number) => (now: number) => now >= START + ms;
const between = (a: number, b: number) => (now: number) => now >= START + a && now < START + b;

test('in an outage of two days nobody is asked, and everything goes on by itself after it', () => {
  const simulation = new Simulation(inUse(30), between(2 * HOUR, 50 * HOUR));
  simulation.run(3 * DAY);
  expect(simulation.reconnects).toEqual([]);
  expect(simulation.outages).toHaveLength(1);
  expect(simulation.state).toBeUndefined();
  for (const [, times] of simulation.refreshes) {
    const first = times[0]!;
    expect(times.filter((at) => at < first + HOUR).length).toBeLessThanOrEqual(12);
    for (let hour = first + HOUR; hour < 49 * HOUR; hour += HOUR) {
      expect(times.filter((at) => at >= hour && at < hour + HOUR).length).toBeLessThanOrEqual(1);
    }
  }
});

test('of one that is revoked among thirty its owner is asked within 70 minutes, and nobody else', () => {
  const connections = inUse(30);
  connections[7]!.isDead = from(5 * HOUR);
  const simulation = new Simulation(connections, never);
  simulation.run(DAY);
  expect(simulation.reconnects.map(({ id }) => id)).toEqual(['c-7']);
  const first = simulation.refreshes.get('c-7')![0]!;
  expect(simulation.reconnects[0]!.at - first).toBeLessThanOrEqual(70 * MINUTE);
});

test('what has been dead for months does not count', () => {
  const connections = inUse(30);
  connections[7]!.isDead = from(5 * HOUR);
  const longDead = Array.from({ length: 200 }, (_, n) => `old-${n}`);
  const simulation = new Simulation(connections, never, longDead);
  simulation.run(DAY);
  expect(simulation.outages).toEqual([]);
  expect(simulation.reconnects.map(({ id }) => id)).toEqual(['c-7']);
  expect(simulation.reconnects[0]!.at - simulation.refreshes.get('c-7')![0]!).toBeLessThanOrEqual(70 * MINUTE);
});

test('of two connections in all one that is revoked proves nothing for a day', () => {
  const connections = inUse(2);
  connections[1]!.isDead = from(5 * HOUR);
  const simulation = new Simulation(connections, never);
  simulation.run(3 * DAY);
  const first = simulation.refreshes.get('c-1')![0]!;
  expect(simulation.reconnects.map(({ id }) => id)).toEqual(['c-1']);
  expect(simulation.reconnects[0]!.at - first).toBeGreaterThanOrEqual(DAY);
  expect(simulation.reconnects[0]!.at - first).toBeLessThanOrEqual(DAY + 10 * MINUTE);
});

test('a key that was withdrawn is known by two refusals ten minutes apart', () => {
  const connections = inUse(2);
  connections[1] = { ...connections[1]!, sign: 'unauthorized', isDead: from(5 * HOUR) };
  const simulation = new Simulation(connections, never);
  simulation.run(DAY);
  const first = simulation.refreshes.get('c-1')![0]!;
  expect(simulation.reconnects.map(({ id, at }) => [id, at - first])).toEqual([['c-1', 10 * MINUTE]]);
});

test('a refusal right after a new token needs no second one later', () => {
  const connections = inUse(2);
  connections[1] = { ...connections[1]!, sign: 'unauthorized', refresh: 'refreshed', isDead: from(5 * HOUR) };
  const simulation = new Simulation(connections, never);
  simulation.run(DAY);
  const first = simulation.refreshes.get('c-1')![0]!;
  expect(simulation.reconnects.map(({ id, at }) => [id, at - first])).toEqual([['c-1', 0]]);
});

test.each([5, 12, 30])('one that is revoked during an outage of %s is asked for within an hour of its end', (count) => {
  const connections = inUse(count);
  connections[1]!.isDead = from(20 * HOUR);
  const end = 50 * HOUR;
  const simulation = new Simulation(connections, between(2 * HOUR, end));
  simulation.run(4 * DAY);
  expect(simulation.reconnects.map(({ id }) => id)).toEqual(['c-1']);
  expect(simulation.reconnects[0]!.at).toBeGreaterThanOrEqual(end);
  expect(simulation.reconnects[0]!.at - end).toBeLessThanOrEqual(HOUR);
});

test('what Nango has given up is asked for at once, and in an outage when that is over', () => {
  const alone = inUse(10);
  alone[1] = { ...alone[1]!, sign: 'exhausted', isDead: from(5 * HOUR) };
  const calm = new Simulation(alone, never);
  calm.run(DAY);
  expect(calm.reconnects.map(({ id, at }) => [id, at])).toEqual([['c-1', calm.refreshes.get('c-1')![0]]]);
  const storm = new Simulation(alone, between(2 * HOUR, 30 * HOUR));
  storm.run(2 * DAY);
  expect(storm.reconnects.map(({ id }) => id)).toEqual(['c-1']);
  expect(storm.reconnects[0]!.at).toBeGreaterThanOrEqual(30 * HOUR);
});

test('a burst of hints has the list read once a minute at the most', () => {
  let state = begin(START);
  const apply = (event: HealthEvent, now: number): void => void (state = step(state, event, now).state);
  apply({ type: 'reported', connectionId: 'c-1', sign: 'refresh', tried: true }, START);
  apply({ type: 'read', failing: [], working: [] }, START);
  for (let n = 0; n < 100; n++) apply({ type: 'hint' }, START + n);
  expect(state.readAt).toBe(START + MINUTE);
  apply({ type: 'hint' }, START + 5 * MINUTE);
  expect(state.readAt).toBe(START + MINUTE);
  apply({ type: 'read', failing: [], working: [] }, START + 5 * MINUTE);
  apply({ type: 'hint' }, START + 20 * MINUTE);
  expect(state.readAt).toBe(START + 20 * MINUTE);
});

const reportOf = (connectionId: string, over: Partial<FailingReport> = {}): HealthEvent => ({
  ...{ type: 'reported', connectionId, sign: 'refresh', tried: true },
  ...over,
});

/** Of a health that has read twice: these were seen to work at the second time. */
function afterReadings(working: string[]): HealthState {
  const first = step(begin(START), reportOf('c-first'), START).state;
  const read = step(first, { type: 'read', failing: [], working: [] }, START).state;
  return step(read, { type: 'read', failing: [], working: working.map(connectionKey) }, START + MINUTE).state;
}

test.each([
  ['in an outage', 2_000, true],
  ['outside one', 60_000, false],
])(
  'of a burst of 5,000 reports each one waits for its verdict, %s',
  (_, working, isOutage) => {
    let state = afterReadings(Array.from({ length: working }, (_one, n) => `w-${n}`));
    const now = START + 2 * MINUTE;
    const verdicts: DueVerdict[] = [];
    for (let n = 0; n < 5_000; n++) {
      const next = step(state, reportOf(`c-${n}`, { waiter: { workflowId: `job-${n}`, waitId: `wait-${n}` } }), now);
      state = next.state;
      verdicts.push(...next.verdicts);
    }
    expect(verdicts).toEqual([]);
    expect(state.outage !== undefined).toBe(isOutage);
    expect(state.suspects.flatMap(({ waiters }) => waiters)).toHaveLength(5_000);
    const after = step(state, { type: 'works', connectionId: 'c-0' }, now + HOUR);
    expect(after.verdicts[0]).toEqual({ workflowId: 'job-0', waitId: 'wait-0', verdict: 'works' });
    expect(new Set(after.verdicts.slice(1).map(({ verdict }) => verdict))).toEqual(new Set(['try']));
    expect(after.verdicts).toHaveLength(5_000);
  },
  120_000,
);

/** A connection whose key was withdrawn, and that is known to be dead. */
function withDead(): HealthState {
  const state = step(afterReadings(['c-other']), reportOf('c-1', { sign: 'unauthorized' }), START + 2 * MINUTE).state;
  const refreshed = step(state, { type: 'refreshed', connectionId: 'c-1', outcome: 'refreshed' }, START + 2 * MINUTE);
  return step(refreshed.state, reportOf('c-1', { sign: 'unauthorized' }), START + 13 * MINUTE).state;
}

const waiter = { workflowId: 'job', waitId: 'wait' };

test('a dead connection through which calls have succeeded since is dead no longer: a stray 401 begins anew', () => {
  const dead = withDead();
  expect(dead.suspects.find(({ connectionId }) => connectionId === 'c-1')!.isDead).toBe(true);
  const reading = { failing: [], working: ['c-1', 'c-other'].map(connectionKey) };
  // It was met since the last reading, and may have worked before that.
  expect(revivedBy(dead, reading)).toEqual([]);
  const read = step(dead, { type: 'read', failing: [], working: [] }, START + 16 * MINUTE).state;
  expect(revivedBy(read, { ...reading, failing: [connectionKey('c-1')] })).toEqual([]);
  const revived = revivedBy(read, reading);
  expect(revived).toEqual([connectionKey('c-1')]);
  const works = step(read, { type: 'read', ...reading, revived }, START + 31 * MINUTE).state;
  const stray = reportOf('c-1', { sign: 'unauthorized', waiter });
  expect(step(works, stray, START + 2 * HOUR).verdicts).toEqual([]);
});

test('what is handed on stays below 1.5 MB, whatever the ids; most that wait are kept', () => {
  const times = (count: number): { [key: string]: number } =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [connectionKey(`known-${n}`), START]));
  const suspects = Array.from({ length: 6_000 }, (_, n) => {
    const waiters = Array.from({ length: n === 0 ? 2_000 : n % 2 }, (_one, w) => ({
      workflowId: `${n}-${w}`.padEnd(n === 0 ? 1_000 : 40, 'w'),
      waitId: `${n}-${w}`.padEnd(36, '"'),
    }));
    const connectionId = `${n}`.padEnd(255, 'c');
    const { suspects: made } = step(begin(START), reportOf(connectionId), START).state;
    return { ...made[0]!, waiters };
  });
  const full: HealthState = {
    ...begin(START),
    ...{ suspects, working: times(20_000), news: times(3_000), stoodThere: Object.keys(times(3_000)) },
  };
  const kept = handedOn(full, START);
  expect(jsonBytes(kept)).toBeLessThan(1.5 * 1024 * 1024);
  expect(kept.suspects.length).toBeGreaterThan(1_500);
  expect(kept.suspects.slice(1).every(({ waiters }) => waiters.length === 1)).toBe(true);
});

test('what fits is handed on as it is', () => {
  const state = withDead();
  expect(handedOn(state, START + 13 * MINUTE)).toEqual(state);
});

test.each([
  ['made new', 'refreshed'],
  ['not made new', 'unknown'],
] as const)('the first 401 after a refresh that had failed has nobody asked, its token %s', (_, outcome) => {
  const at = START + 2 * MINUTE;
  const failing = step(afterReadings(['c-other']), reportOf('c-1', { waiter }), at);
  const sent = step(failing.state, { type: 'tick' }, at + MINUTE);
  expect(sent.verdicts).toEqual([{ ...waiter, verdict: 'try' }]);
  const report = { connectionId: 'c-1', sign: 'unauthorized', tried: true, waiter } as const;
  expect(isFirst401(sent.state, report)).toBe(true);
  const refused = step(sent.state, { type: 'reported', ...report, countsAnew: true }, at + MINUTE);
  expect(isFirst401(refused.state, report)).toBe(false);
  expect(refused.verdicts).toEqual([]);
  const refreshed = step(refused.state, { type: 'refreshed', connectionId: 'c-1', outcome }, at + MINUTE);
  expect(refreshed.verdicts.map(({ verdict }) => verdict)).not.toContain('reconnect');
  const again = step(refreshed.state, { type: 'tick' }, at + 11 * MINUTE).state;
  expect(step(again, { type: 'reported', ...report }, at + 11 * MINUTE).state.suspects).toContainEqual(
    expect.objectContaining({ connectionId: 'c-1', isDead: true }),
  );
});
