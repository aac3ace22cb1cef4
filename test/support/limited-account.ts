import type { Lease, LeaseRequest } from '../../src/contract/types';
import type { Limiter } from '../../src/limits/leased-limit';
import { WorkerLimits } from '../../src/limits/worker-limits';
import type { Destination } from '../../src/nango/http/observer';
import type { HttpResponse } from '../../src/nango/http/outcome';
import { leaseStep } from '../../src/workflows/limits/lease-step';
import { begin } from '../../src/workflows/limits/limit-state';
import type { LimitState } from '../../src/workflows/limits/limit-state';

/** An account of Nango's, its limiter and workers, by the clock that a test moves. No Temporal is here, and no network. */

const CONNECTION = { integration: 'crm', connectionId: 'c_1' };
export const PROXY: Destination = { route: 'proxy', connection: CONNECTION };
const MANAGEMENT: Destination = { route: 'management' };

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Counts in windows of fixed length that begin with their first call, as Nango does. */
export class LimitedAccount {
  /** how many calls came in each window */
  readonly windows: number[] = [];
  refused = 0;
  private end = 0;

  constructor(
    public limit: number,
    readonly windowMs: number,
    /** of its clock beside that of everybody else */
    private readonly skewMs = 0,
  ) {}

  receive(route: Destination['route']): HttpResponse {
    const now = Date.now();
    if (now >= this.end) {
      this.windows.push(0);
      this.end = now + this.windowMs;
    }
    const used = (this.windows[this.windows.length - 1] = (this.windows.at(-1) ?? 0) + 1);
    const limits = {
      'x-ratelimit-limit': String(this.limit),
      'x-ratelimit-remaining': String(Math.max(this.limit - used, 0)),
      'x-ratelimit-reset': String(Math.ceil((this.end + this.skewMs) / 1000)),
    };
    const date = new Date(Math.floor((now + this.skewMs) / 1000) * 1000).toUTCString();
    const refused = used > this.limit;
    if (refused) this.refused++;
    // Of a proxied response they would be the provider's.
    const shown = refused || route !== 'proxy' ? limits : {};
    return {
      kind: 'response',
      status: refused ? 429 : 200,
      headers: { date, ...shown, ...(refused && { 'retry-after': String(Math.floor((this.end - now) / 1000)) }) },
      body: Buffer.from(refused ? '{"error":{"code":"too_many_request","method":"GET","path":"/"}}' : '{}'),
    };
  }
}

/** The limiter as the workflow runs it, some milliseconds away, on a clock of its own. */
export class SimulatedLimiter implements Limiter {
  state: LimitState = begin();
  requests = 0;
  /** it does not respond */
  isAway = false;

  constructor(
    private readonly latencyMs: () => number,
    private readonly skewMs: number,
  ) {}

  /** Calls that workers may send by now. */
  get outstanding(): number {
    return this.state.holders.flatMap(({ leases }) => leases).reduce((sum, { calls }) => sum + calls, 0);
  }

  /** All that it knows is lost. */
  restart(): void {
    this.state = begin();
  }

  async lease(request: LeaseRequest): Promise<Lease> {
    await after(this.latencyMs());
    if (this.isAway) {
      await after(3_000);
      throw new Error('deadline');
    }
    this.requests++;
    const said = JSON.parse(JSON.stringify(request)) as LeaseRequest;
    const { state, lease } = leaseStep(this.state, said, Date.now() + this.skewMs);
    this.state = JSON.parse(JSON.stringify(state)) as LimitState;
    await after(this.latencyMs());
    return JSON.parse(JSON.stringify(lease)) as Lease;
  }
}

/** A worker whose workflows make calls, some at a time. */
export class SimulatedWorker {
  readonly limits: WorkerLimits;
  /** calls that were carried out, by workflow */
  readonly done = new Map<string, number>();
  /** when its last call was carried out */
  endedAt = 0;
  private isDead = false;
  private claimant = '';

  constructor(
    private readonly account: LimitedAccount,
    limiter: Limiter,
    private readonly latencyMs: () => number,
  ) {
    this.limits = new WorkerLimits({
      declared: {},
      limiterOf: () => limiter,
      readLimit: () => this.send(MANAGEMENT).then(() => undefined),
      retryHeadersOf: () => undefined,
      readRetryHeaders: () => Promise.resolve(),
      claimant: () => this.claimant,
    });
  }

  /** What it has been admitted and has not sent is lost, and nobody is told. */
  die(): void {
    this.isDead = true;
  }

  /** Makes so many calls, in batches of some lanes. */
  async run(workflow: string, calls: number, batch: number, lanes = 2): Promise<void> {
    let left = calls;
    const lane = async (): Promise<void> => {
      while (left > 0 && !this.isDead) {
        const wanted = Math.min(left, batch);
        left -= wanted;
        this.claimant = workflow;
        const admission = await this.limits.admit(CONNECTION, wanted, { patienceMs: 5_000 });
        if (this.isDead) return;
        if ('admitted' in admission) {
          left += wanted - admission.admitted;
          const responses = await Promise.all(Array.from({ length: admission.admitted }, () => this.send(PROXY)));
          const good = responses.filter(({ status }) => status === 200).length;
          left += admission.admitted - good;
          this.done.set(workflow, (this.done.get(workflow) ?? 0) + good);
          this.endedAt = Date.now();
        } else {
          left += wanted;
          await after(admission.retryAfterMs);
        }
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }

  private async send(destination: Destination): Promise<HttpResponse> {
    // It waits for a connection, travels, and is responded to.
    await after(this.latencyMs());
    this.limits.started(destination);
    await after(this.latencyMs());
    const response = this.account.receive(destination.route);
    await after(this.latencyMs());
    this.limits.ended(destination, response);
    return response;
  }
}
