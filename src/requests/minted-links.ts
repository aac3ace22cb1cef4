import type { NangoConfig } from '../config';
import { deleteConnectSession } from '../nango/connect-sessions';
import { withApi } from '../nango/http/with-api';
import type { ConnectSession } from './mint';

const REVOKE_DEADLINE_MS = 5_000;

interface MintedLink {
  nonce: string;
  token: string;
  until: number;
}

/**
 * Links that this process has made and that may still be opened, by the first run of the request they are for. Of the whole
 * process: whoever hears a yes or a no seldom is the one who has made the link. In memory only, since tokens are secrets.
 */
const minted = new Map<string, MintedLink[]>();

export function rememberLink(request: string, { nonce, token, expiresAt }: ConnectSession): void {
  forgetExpired();
  minted.set(request, [...(minted.get(request) ?? []), { nonce, token, until: Date.parse(expiresAt) }]);
}

/**
 * Makes links of a request useless, as far as this process has made them and Nango can be reached: they die in half an hour
 * anyway. Never fails.
 *
 * @param nonce of the only one that is meant; default: all
 */
export async function revokeLinks(request: string, { baseUrl }: NangoConfig, nonce?: string): Promise<void> {
  const links = minted.get(request) ?? [];
  const isMeant = (link: MintedLink): boolean => nonce === undefined || link.nonce === nonce;
  keep(
    request,
    links.filter((link) => !isMeant(link)),
  );
  await Promise.allSettled(
    links
      .filter(isMeant)
      .map(({ token }) =>
        withApi({ baseUrl, secretKey: token }, (session) =>
          deleteConnectSession(session, { deadlineMs: REVOKE_DEADLINE_MS }),
        ),
      ),
  );
}

function forgetExpired(): void {
  const now = Date.now();
  for (const [request, links] of minted) {
    keep(
      request,
      links.filter(({ until }) => until > now),
    );
  }
}

function keep(request: string, links: MintedLink[]): void {
  if (links.length === 0) minted.delete(request);
  else minted.set(request, links);
}
