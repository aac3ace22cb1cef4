import type { NangoConfig } from '../config';
import { deleteConnectSession } from '../nango/connect-sessions';
import { NangoApi } from '../nango/http/http';
import type { ConnectSession } from './mint';

const REVOKE_DEADLINE_MS = 5_000;

/** Links that this process has made and that may still be opened, by the request they are for. In memory only. */
export class MintedLinks {
  // Private at run time too: tokens are secrets.
  readonly #tokens = new Map<string, { token: string; until: number }[]>();

  add(request: string, { token, expiresAt }: ConnectSession): void {
    this.#forgetExpired();
    const links = this.#tokens.get(request) ?? [];
    this.#tokens.set(request, [...links, { token, until: Date.parse(expiresAt) }]);
  }

  /** Makes the links of a request useless, as far as Nango can be reached: they die in half an hour anyway. Never fails. */
  async revoke(request: string, { baseUrl }: NangoConfig): Promise<void> {
    const links = this.#tokens.get(request) ?? [];
    this.#tokens.delete(request);
    await Promise.all(
      links.map(async ({ token }) => {
        const session = new NangoApi({ baseUrl, secretKey: token });
        await deleteConnectSession(session, { deadlineMs: REVOKE_DEADLINE_MS });
        await session.close();
      }),
    );
  }

  #forgetExpired(): void {
    const now = Date.now();
    for (const [request, links] of this.#tokens) {
      const live = links.filter(({ until }) => until > now);
      if (live.length === 0) this.#tokens.delete(request);
      else this.#tokens.set(request, live);
    }
  }
}
