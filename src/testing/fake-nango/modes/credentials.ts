/** What a connection holds, as Nango shows it. */
export type Credentials =
  | {
      /** one key */
      type: 'API_KEY';
      /** the key */
      apiKey: string;
    }
  | {
      /** user and password, RFC 7617 */
      type: 'BASIC';
      /** the user */
      username: string;
      /** the password */
      password: string;
    }
  | {
      /** tokens, RFC 6749 */
      type: 'OAUTH2' | 'MCP_OAUTH2' | 'MCP_OAUTH2_GENERIC';
      /** sent with calls */
      access_token: string;
      /** exchanged when the access token has expired; absent: it is used on */
      refresh_token?: string;
      /** ISO 8601; absent: never */
      expires_at?: string;
      /** the token endpoint's own response, or what was imported */
      raw: { [name: string]: unknown };
    }
  | {
      /** a token for the client itself, RFC 6749 section 4.4 */
      type: 'OAUTH2_CC';
      /** sent with calls */
      token: string;
      /** ISO 8601; absent: never */
      expires_at?: string;
      /** of the person's own app */
      client_id: string;
      /** of the person's own app */
      client_secret: string;
      /** PEM, where the provider wants one */
      client_certificate?: string;
      /** PEM, where the provider wants one */
      client_private_key?: string;
      /** the token endpoint's own response, or what was imported */
      raw: { [name: string]: unknown };
    }
  | {
      /** a token for what was typed, which stands beside it by its names */
      type: 'TWO_STEP' | 'JWT';
      /** sent with calls */
      token: string;
      /** ISO 8601; absent: never */
      expires_at?: string;
      /** what was typed, e.g. `privateKey` */
      [field: string]: unknown;
    }
  | {
      /** tokens, RFC 5849 */
      type: 'OAUTH1';
      /** sent with calls */
      oauth_token: string;
      /** signs calls */
      oauth_token_secret: string;
      /** the token endpoint's own response, or what was imported */
      raw: { [name: string]: unknown };
    }
  | {
      /** a session at bill.com */
      type: 'BILL';
      /** the user */
      username: string;
      /** the password */
      password: string;
      /** the organization */
      organization_id: string;
      /** of the developer's account */
      dev_key: string;
      /** sent with calls */
      session_id: string;
      /** whose session it is */
      user_id: string;
      /** the login's own response */
      raw: { [name: string]: unknown };
    }
  | {
      /** user and secret that sign calls */
      type: 'SIGNATURE';
      /** the user */
      username: string;
      /** the secret */
      password: string;
      /** sent with calls */
      token: string;
      /** ISO 8601; absent: never */
      expires_at?: string;
    }
  | {
      /** a token of NetSuite's, which signs calls */
      type: 'TBA';
      /** its id */
      token_id: string;
      /** its secret */
      token_secret: string;
      /** of another app than the integration's; `{}`: of that one */
      config_override: {
        /** default: the integration's */
        client_id?: string;
        /** default: the integration's */
        client_secret?: string;
      };
    }
  | {
      /** a token of an installed GitHub app; of `CUSTOM` also the person's own, in the connection's configuration */
      type: 'APP' | 'CUSTOM';
      /** sent with calls */
      access_token: string;
      /** ISO 8601; absent: never */
      expires_at?: string;
      /** the token endpoint's own response */
      raw: { [name: string]: unknown };
    }
  | {
      /** keys of a role for a while, which sign calls */
      type: 'AWS_SIGV4';
      /** the role */
      role_arn: string;
      /** e.g. `us-east-1` */
      region: string;
      /** e.g. `s3` */
      service: string;
      /** names the role to the role's owner */
      external_id: string;
      /** the key */
      access_key_id: string;
      /** its secret */
      secret_access_key: string;
      /** goes with the two */
      session_token: string;
      /** the three as they were received */
      raw: { [name: string]: unknown };
    }
  | {
      /** none; those of `NONE` are shown as `{}` */
      type: 'NONE' | 'INSTALL_PLUGIN';
    };

/** Those of one mode. */
export type CredentialsOf<M> = Credentials & { type: M };

/** Those that are refreshed by a token of their own. */
export type OAuth2Credentials = CredentialsOf<'OAUTH2' | 'MCP_OAUTH2' | 'MCP_OAUTH2_GENERIC'>;

/** Whether they are refreshed by a token of their own. */
export function isOAuth2(credentials: Credentials): credentials is OAuth2Credentials {
  return isOAuth2Mode(credentials.type);
}

/** Whether a mode's credentials are. */
export function isOAuth2Mode(mode: Credentials['type']): mode is OAuth2Credentials['type'] {
  return mode === 'OAUTH2' || mode === 'MCP_OAUTH2' || mode === 'MCP_OAUTH2_GENERIC';
}

/** How they go with a request; undefined: by other ways than this header. */
export function authorization(credentials: Credentials): string | undefined {
  switch (credentials.type) {
    case 'API_KEY':
      return `Bearer ${credentials.apiKey}`;
    case 'BASIC':
      return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
    case 'OAUTH2':
    case 'MCP_OAUTH2':
    case 'MCP_OAUTH2_GENERIC':
    case 'APP':
    case 'CUSTOM':
      return `Bearer ${credentials.access_token}`;
    case 'OAUTH2_CC':
    case 'TWO_STEP':
    case 'JWT':
    case 'SIGNATURE':
      return `Bearer ${credentials.token}`;
    case 'OAUTH1':
      return `OAuth oauth_token="${credentials.oauth_token}"`;
    case 'TBA':
      return `OAuth oauth_token="${credentials.token_id}"`;
    case 'AWS_SIGV4':
      return `AWS4-HMAC-SHA256 Credential=${credentials.access_key_id}`;
    case 'BILL':
    case 'NONE':
    case 'INSTALL_PLUGIN':
      return undefined;
  }
}
