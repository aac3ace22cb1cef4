import { requireMintingKey } from '../config';
import type { NangoConfig } from '../config';
import { TAG } from '../contract/names';
import type { LinkGrant } from '../contract/types';
import { createConnectSession } from '../nango/connect-sessions';
import { openNango } from '../nango/http';

const CLOUD = 'https://api.nango.dev';
const MINT_DEADLINE_MS = 15_000;

/** Nango's connect session. The token, and the link that contains it, are bearer secrets. */
export interface ConnectSession {
  token: string;
  connectLink: string;
  /** ISO 8601; 30 minutes ahead */
  expiresAt: string;
}

/**
 * Makes the session that a request has granted, with this process's own key.
 *
 * @throws Nango.Misconfigured without a key; what Nango refuses, by type
 */
export async function mintConnectSession(config: NangoConfig, grant: LinkGrant): Promise<ConnectSession> {
  const api = openNango({ baseUrl: config.baseUrl, secretKey: requireMintingKey(config) });
  try {
    const { integration, scopes } = grant;
    const tags = { ...grant.tags, [TAG.environment]: config.environment };
    const session = await createConnectSession(api, { integration, tags, scopes }, { deadlineMs: MINT_DEADLINE_MS });
    return { ...session, connectLink: browserLink(session.connectLink, config) };
  } finally {
    await api.close();
  }
}

/** The page of a self-hosted server talks to the cloud unless it is told otherwise. */
function browserLink(link: string, { baseUrl, publicBaseUrl }: NangoConfig): string {
  if (baseUrl === CLOUD) return link;
  const url = new URL(link);
  url.searchParams.set('apiURL', publicBaseUrl ?? baseUrl);
  return url.href;
}
