import type { NangoConfig } from '../config';
import { nangoFailure } from '../contract/errors';
import { deleteConnectSession } from '../nango/connect-sessions';
import { withApi } from '../nango/http/with-api';
import type { ConnectSession } from './mint';

const REVOKE_DEADLINE_MS = 5_000;

interface MintedLink {
  /** nothing while it is being made */
  session?: ConnectSession;
  isRevoked: boolean;
}

/**
 * Links that this process has made and that may still be opened, by the first run of the request they are for. Of the whole
 * process: whoever hears a yes or a no seldom is the one who has made the link. In memory only, since tokens are secrets.
 */
const minted = new Map<string, Set<MintedLink>>();

/**
 * Makes a link that {@link revokeLinks} knows from before it is asked for.
 *
 * @param mint has it granted and makes it
 * @throws what `mint` throws; Nango.InvalidRequest with the reason `request_closed` if the request's links were revoked
 *   meanwhile: this one is too then
 */
export async function mintLink(
  request: string,
  config: NangoConfig,
  mint: () => Promise<ConnectSession>,
): Promise<ConnectSession> {
  forgetExpired();
  const link: MintedLink = { isRevoked: false };
  minted.set(request, (minted.get(request) ?? new Set()).add(link));
  try {
    link.session = await mint();
  } catch (error) {
    forget(request, link);
    throw error;
  }
  if (!link.isRevoked) return link.session;
  await revoke(request, link, config);
  throw nangoFailure('Nango.InvalidRequest', {
    reason: 'request_closed',
    hint: 'The link was revoked while it was made: somebody has answered meanwhile.',
  });
}

/**
 * Makes links of a request useless, as far as this process has made them and Nango can be reached: they die in half an hour
 * anyway. Never fails.
 *
 * @param nonce of the only one that is meant; default: all, those too that are being made
 */
export async function revokeLinks(request: string, config: NangoConfig, nonce?: string): Promise<void> {
  const meant = [...(minted.get(request) ?? [])].filter(
    ({ session }) => nonce === undefined || session?.nonce === nonce,
  );
  for (const link of meant) link.isRevoked = true;
  await Promise.all(meant.map((link) => revoke(request, link, config)));
}

/** Does nothing to one that is being made: whoever makes it looks afterwards. Never fails. */
async function revoke(request: string, link: MintedLink, { baseUrl }: NangoConfig): Promise<void> {
  if (link.session === undefined) return;
  forget(request, link);
  const own = { baseUrl, secretKey: link.session.token };
  await withApi(own, (session) => deleteConnectSession(session, { deadlineMs: REVOKE_DEADLINE_MS })).catch(() => {});
}

function forgetExpired(): void {
  const now = Date.now();
  for (const [request, links] of minted) {
    for (const link of links) {
      if (link.session !== undefined && Date.parse(link.session.expiresAt) <= now) forget(request, link);
    }
  }
}

function forget(request: string, link: MintedLink): void {
  const links = minted.get(request);
  links?.delete(link);
  if (links?.size === 0) minted.delete(request);
}
