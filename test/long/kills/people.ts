import type { WorkflowHandle } from '@temporalio/client';
import type { Call, Connection, EnsureConnectionInput, Outcome } from '../../../src/contract/types';
import type { Random } from '../../support/random';
import type { SlowProvider } from './slow-provider';
import type { Stage } from './stage';

const INTEGRATION = 'keyed';
const READS = 24;
const WRITES = 6;
/** A person clicks at most this long after being asked. */
const CLICK_MS = 600;
const IDENTITY = { endpoint: '/me', pointer: '/id' };

/** somebody who has to connect, who has to connect anew, or who has connected already */
export type Kind = 'new' | 'anew' | 'connected';

/** Somebody whose automation waits for the connection, and then makes its calls. */
export class Person {
  readonly automation: WorkflowHandle;
  readonly reads: string[];
  readonly writes: string[];
  /** calls in flight at the kills */
  handedOut = 0;
  private made: { integration: string; connectionId: string } | undefined;
  private acted: Promise<void> | undefined;

  private constructor(
    private readonly stage: Stage,
    private readonly id: string,
    readonly kind: Kind,
    private readonly before: object | undefined,
    private readonly calls: { method: 'GET' | 'POST'; endpoint: string }[],
    automation: WorkflowHandle,
  ) {
    this.automation = automation;
    const paths = (wanted: string) => calls.filter(({ method }) => method === wanted).map(({ endpoint }) => endpoint);
    this.reads = paths('GET');
    this.writes = paths('POST');
  }

  /** Starts the automation of somebody. */
  static async start(stage: Stage, random: Random, id: string, kind: Kind): Promise<Person> {
    const connectionId = `c-${id}`;
    const before = kind === 'new' ? undefined : existing(stage, id, connectionId);
    const reconnect = kind === 'anew' ? { reconnect: connectionId, identity: IDENTITY } : {};
    const wanted: EnsureConnectionInput = { integration: INTEGRATION, endUser: { id }, ...reconnect };
    const calls = random.shuffled([...callsOf(id, 'GET', READS), ...callsOf(id, 'POST', WRITES)]);
    const args = [wanted, calls satisfies Call[]];
    return new Person(stage, id, kind, before, calls, await stage.start('onboard', `onboard-${id}`, args));
  }

  /** Clicks and connects, a random moment after being asked. @param onMade called once that is done */
  act(random: Random, onMade: () => void): void {
    const pause = random.between(0, CLICK_MS);
    this.acted = (async () => {
      // The account behind a typed key is the key itself.
      this.made = await this.stage.connect(this.requestId, this.id, pause);
      onMade();
      await this.stage.hint(this.requestId, this.made.connectionId);
    })();
    // Told by `check`.
    this.acted.catch(() => undefined);
  }

  /** Whether what was kept of the connection is missing right now. */
  get isWiped(): boolean {
    return this.kind === 'anew' && JSON.stringify(this.now()) !== JSON.stringify(this.before);
  }

  /** Counts what is in flight at a kill. */
  async countHandedOut(killedAt: number): Promise<number> {
    const pending = await this.stage.pending(this.automation, 'nango.proxy', 'nango.proxyBatch');
    const started = pending.filter((one) => one.startedBy(killedAt));
    const count = started.reduce((sum, { calls }) => sum + calls, 0);
    this.handedOut += count;
    return count;
  }

  /** Waits for the end, and checks that nothing is lost and no write has happened twice. */
  async check(provider: SlowProvider) {
    await this.acted;
    const result = await this.stage.resultOf(this.automation);
    const { connection, outcomes } = result as { connection: Connection; outcomes: Outcome[] };
    expect(connection).toMatchObject(this.made ?? { integration: INTEGRATION, connectionId: `c-${this.id}` });
    if (this.kind !== 'connected') {
      // A join that was tried again may have opened a later one for nothing, which it then leaves.
      expect(await this.stage.endsOf(this.requestId)).toContain('connected');
    }
    if (this.before === undefined) expect(this.now().tags).toMatchObject({ end_user_id: this.id });
    else expect(this.now()).toEqual(this.before);
    return this.tally(provider, outcomes);
  }

  private get requestId(): string {
    return `nango/default/${INTEGRATION}/u:${this.id}`;
  }

  private now() {
    const { connectionId } = this.made ?? { connectionId: `c-${this.id}` };
    const connection = this.stage.nango.connection(INTEGRATION, connectionId);
    if (connection === undefined) throw new Error('The connection is gone');
    const { tags, metadata, webhookUrlOverride } = connection;
    return { tags, metadata, webhookUrlOverride };
  }

  private tally(provider: SlowProvider, outcomes: Outcome[]) {
    expect(outcomes).toHaveLength(this.calls.length);
    const all = { repeated: 0, unknown: 0, unsent: 0 };
    for (const [i, { method, endpoint }] of this.calls.entries()) {
      const times = provider.begun.get(endpoint) ?? 0;
      const outcome = outcomes[i];
      if (method === 'GET' || outcome?.ok) {
        expect(outcome).toEqual({ ok: true, status: 200, data: { path: endpoint } });
        expect(times).toBeGreaterThanOrEqual(1);
      }
      if (method === 'GET') {
        all.repeated += times - 1;
        continue;
      }
      expect(times).toBeLessThanOrEqual(1);
      if (outcome?.ok) continue;
      expect(outcome).toMatchObject({ error: { type: 'Nango.OutcomeUnknown' } });
      // Handed out, and never arrived: that is not known either.
      if (times === 0) all.unsent++;
      else all.unknown++;
    }
    expect(all.repeated + all.unknown).toBeLessThanOrEqual(this.handedOut);
    return all;
  }
}

/** A connection that is there, with what a reconnect would wipe. @returns that */
function existing(stage: Stage, id: string, connectionId: string): object {
  const tags = { end_user_id: id, team: 'red', tn_account: id };
  const metadata = { folder: id, depth: 3 };
  const credentials = { type: 'API_KEY', apiKey: id } as const;
  stage.nango.addConnection({ integration: INTEGRATION, connectionId, tags, metadata, credentials });
  const webhookUrlOverride = `https://hooks.example.com/${id}`;
  Object.assign(stage.nango.connection(INTEGRATION, connectionId) ?? {}, { webhookUrlOverride });
  return { tags, metadata, webhookUrlOverride };
}

function callsOf<M extends 'GET' | 'POST'>(id: string, method: M, count: number) {
  return Array.from({ length: count }, (_, i) => ({ method, endpoint: `/${id}/${method}/${i}` }));
}
