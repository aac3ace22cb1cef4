import { requireMintingKey } from '../config';
import type { NangoConfig } from '../config';
import { MAX_TAGS } from '../contract/limits';
import { TAG } from '../contract/names';
import type { LinkGrant } from '../contract/types';
import { createConnectSession, createReconnectSession } from '../nango/connect-sessions';
import type { NangoSession } from '../nango/connect-sessions';
import type { NangoApi } from '../nango/http/http';
import { withApi } from '../nango/http/with-api';

const CLOUD = 'https://api.nango.dev';
const MINT_DEADLINE_MS = 15_000;

/** Nango's connect session. The token, and the link that contains it, are bearer secrets. */
export interface ConnectSession {
  /** for Nango's embedded Connect UI, https://nango.dev/docs/reference/api/connect/sessions/create */
  token: string;
  /** address of Nango's connect page */
  connectLink: string;
  /** ISO 8601; 30 minutes ahead */
  expiresAt: string;
  /** by which the connection that it makes is known: `<origin of the request>.<number of the link>`. No secret */
  nonce: string;
}

/**
 * Makes the session that a request has granted, with this process's own key.
 *
 * @throws Nango.Misconfigured without a key; what Nango refuses, by type
 */
export async function mintConnectSession(config: NangoConfig, grant: LinkGrant): Promise<ConnectSession> {
  const keyName = config.connectKey === undefined ? config.secretKeyName : 'NANGO_CONNECT_KEY';
  const own = { baseUrl: config.baseUrl, secretKey: requireMintingKey(config), keyName };
  const session = await withApi(own, (api) => createSession(api, config, grant));
  return { ...session, connectLink: browserLink(session.connectLink, config), nonce: grant.nonce };
}

async function createSession(api: NangoApi, config: NangoConfig, grant: LinkGrant): Promise<NangoSession> {
  const { integration, scopes, reconnectOf, webhookUrlOverride } = grant;
  const bounds = { deadlineMs: MINT_DEADLINE_MS };
  const labelled = { ...grant.tags, [TAG.environment]: config.environment };
  // The tags may be those of a connection that exists: ours gives way when there is no room.
  const tags = Object.keys(labelled).length <= MAX_TAGS ? labelled : grant.tags;
  if (reconnectOf === undefined) return await createConnectSession(api, { integration, tags, scopes }, bounds);
  const connection = { integration, connectionId: reconnectOf };
  return await createReconnectSession(api, { connection, tags, scopes, webhookUrlOverride }, bounds);
}

/** What the connect page has to be told of a server that is not the cloud: by itself it talks to the cloud. */
export function apiUrlOf({ baseUrl, publicBaseUrl }: NangoConfig): string | undefined {
  return baseUrl === CLOUD ? undefined : (publicBaseUrl ?? baseUrl);
}

function browserLink(link: string, config: NangoConfig): string {
  const apiUrl = apiUrlOf(config);
  if (apiUrl === undefined) return link;
  const url = new URL(link);
  url.searchParams.set('apiURL', apiUrl);
  return url.href;
}
