import { randomUUID } from 'node:crypto';

const TOKEN = /nango_connect_session_[0-9a-f]{64}/;

/** Long, unique, and of the form of an error code, so that nothing takes it for free text. */
export function canary(what: string): string {
  return `canary_${what}_${randomUUID().replaceAll('-', '')}`;
}

/** The token in a connect link; of a token, itself. */
export function tokenIn(link: string): string {
  const [token] = TOKEN.exec(link) ?? [];
  if (token === undefined) throw new Error('There is no token in the link');
  return token;
}

/** Every secret of the story, what was told to callers, and the proof that each secret could have got out. */
export class Ledger {
  /** what must never be read anywhere, by what it is */
  readonly canaries = new Map<string, string>();
  /** what callers were given: errors, views, lists */
  readonly given: unknown[] = [];
  /** what went over the wire, or was thrown at us */
  private readonly seen: string[] = [];
  private readonly used = new Set<string>();

  /** Enters a secret. @param value default: a new canary */
  secret(name: string, value = canary(name.replaceAll(/\W+/g, '_').slice(-24).toLowerCase())): string {
    this.canaries.set(name, value);
    return value;
  }

  /** The canary of this name; a new one if there is none. */
  said(name: string): string {
    return this.canaries.get(name) ?? this.secret(name);
  }

  /** A text in which secrets are expected, where they are used. */
  saw(text: string): void {
    this.seen.push(text);
  }

  /** A secret that crosses no wire did its work. */
  worked(name: string): void {
    this.used.add(name);
  }

  /** Secrets that nobody has seen where they are used: a search for them would prove nothing. */
  unseen(): string[] {
    const missing = [...this.canaries].filter(([name, value]) => {
      // Our links differ from Nango's in what follows the token.
      const wanted = TOKEN.exec(value)?.[0] ?? value;
      return !this.used.has(name) && !this.seen.some((text) => text.includes(wanted));
    });
    return missing.map(([name]) => name);
  }
}
