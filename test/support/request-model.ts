import fc from 'fast-check';

/**
 * What a connection request must do, said once more and differently: a model for the reducer and for a real server.
 * Joiners come, leave and have deadlines; people click; connections of all sorts are hinted.
 */

export type Command =
  | { op: 'join'; who: number; days: number }
  | { op: 'leave'; who: number }
  /** `linked`: made by the newest link; `button`: by the application's own; the others are not this request's */
  | { op: 'hint'; made: 'linked' | 'button' | 'foreignNonce' | 'otherOwner' | 'nowhere'; times: number }
  | { op: 'click' }
  | { op: 'wait'; hours: number };

export type End = 'connected' | 'timedOut' | 'cancelled';

const HOUR = 3_600_000;
const LINK_LIFE = HOUR / 2;

export class RequestModel {
  readonly waiting = new Map<number, number>();
  /** what each joiner was told, in order */
  readonly resolved: { who: number; end: End }[] = [];
  closed?: End;
  clicks = 0;
  private links: number[] = [];

  constructor(public now: number) {}

  get liveLinks(): number {
    return this.links.filter((until) => until > this.now).length;
  }

  /** Whether a request may be asked for this; a refusal changes nothing. */
  accepts(command: Command): boolean {
    if (this.closed !== undefined) return false;
    if (command.op === 'join') return !this.waiting.has(command.who);
    if (command.op === 'click') return this.liveLinks < 20;
    return true;
  }

  apply(command: Command): void {
    if (!this.accepts(command)) return;
    switch (command.op) {
      case 'join':
        this.waiting.set(command.who, this.now + command.days * 24 * HOUR);
        break;
      case 'leave':
        if (this.waiting.delete(command.who) && this.waiting.size === 0) this.closed = 'cancelled';
        break;
      case 'hint':
        if (command.made === 'button' || (command.made === 'linked' && this.clicks > 0)) this.end('connected');
        break;
      case 'click':
        this.clicks++;
        this.links.push(this.now + LINK_LIFE);
        break;
      case 'wait':
        this.now += command.hours * HOUR;
        for (const [who, deadline] of [...this.waiting].toSorted((a, b) => a[1] - b[1])) {
          if (deadline > this.now) continue;
          this.resolve(who, 'timedOut');
          if (this.waiting.size === 0) this.closed = 'timedOut';
        }
        break;
    }
  }

  private end(end: End): void {
    for (const who of [...this.waiting.keys()]) this.resolve(who, end);
    this.closed = end;
  }

  private resolve(who: number, end: End): void {
    this.waiting.delete(who);
    this.resolved.push({ who, end });
  }
}

const who = fc.integer({ min: 0, max: 3 });

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constant('join' as const), who, days: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('leave' as const), who }) },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant('hint' as const),
      made: fc.constantFrom(
        'linked' as const,
        'button' as const,
        'foreignNonce' as const,
        'otherOwner' as const,
        'nowhere' as const,
      ),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ op: 'click' as const }) },
  { weight: 1, arbitrary: fc.constant({ op: 'wait' as const, hours: 1 }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 100 }) }) },
);

/** Begins with a join, as every request does. */
export const commands: fc.Arbitrary<Command[]> = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.array(command, { minLength: 1, maxLength: 25 }))
  .map(([days, rest]) => [{ op: 'join', who: 0, days }, ...rest]);
