import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AuthMode, ProviderFields } from '../provider';
import { typedMode } from './mode';
import type { Mode, Origin } from './mode';
import { tokens } from './tokens';

const given = z.string().min(1);
const anything = z.looseObject({});

const OAUTH_APP = ['client_id', 'client_secret', 'scopes', 'webhook_secret'];
const INSTALLABLE_APP = ['app_id', 'private_key', 'app_link'];

/** What Nango does for each auth mode. */
export const MODES: { readonly [M in AuthMode]: Mode<M> } = {
  OAUTH2: {
    app: { isRequired: true, mayBeLent: true, fields: OAUTH_APP },
    way: 'popup',
    credentials: ({ token, now }) => ({ type: 'OAUTH2', ...tokens(token, now) }),
  },

  API_KEY: typedMode({
    path: '/api-auth/api-key/:key',
    fields: { apiKey: { type: 'string', title: 'API Key', description: 'The key of your account' } },
    form: z.strictObject({ apiKey: given }),
    credentials: ({ apiKey }) => ({ type: 'API_KEY', apiKey }),
  }),

  OAUTH2_CC: typedMode({
    path: '/oauth2/auth/:key',
    fields: titled({ client_id: 'Client ID', client_secret: 'Client Secret' }),
    form: z.strictObject({
      client_id: given,
      client_secret: given,
      client_certificate: given.optional(),
      client_private_key: given.optional(),
    }),
    credentials: (typed, { token }) => ({ type: 'OAUTH2_CC', ...typed, token: String(token.access_token), raw: token }),
  }),

  BASIC: typedMode({
    path: '/api-auth/basic/:key',
    fields: titled({ username: 'User Name', password: 'Password' }),
    form: z.strictObject({ username: z.string(), password: z.string() }),
    credentials: (typed) => ({ type: 'BASIC', ...typed }),
  }),

  TWO_STEP: typedMode({
    path: '/auth/two-step/:key',
    form: anything,
    credentials: (typed, { token }) => ({
      ...typed,
      ...{ type: 'TWO_STEP', token: String(token.access_token), raw: token },
    }),
  }),

  MCP_OAUTH2: {
    needs: 'client',
    way: 'popup',
    credentials: ({ token, now }) => ({ type: 'MCP_OAUTH2', ...tokens(token, now) }),
  },

  OAUTH1: {
    app: { isRequired: true, mayBeLent: true, fields: OAUTH_APP },
    way: 'popup',
    credentials: ({ as }) => {
      const raw = { oauth_token: `token of ${as}`, oauth_token_secret: `secret of ${as}` };
      return { type: 'OAUTH1', ...raw, raw };
    },
  },

  JWT: typedMode({
    path: '/auth/jwt/:key',
    form: anything,
    credentials: (typed, { token }) => ({ ...typed, ...{ type: 'JWT', token: String(token.access_token) } }),
  }),

  BILL: typedMode({
    path: '/auth/bill/:key',
    fields: titled({
      username: 'User Name',
      password: 'Password',
      organization_id: 'Organization ID',
      dev_key: 'Developer Key',
    }),
    form: z.strictObject({ username: given, password: given, organization_id: given, dev_key: given }),
    credentials: (typed, { as }) => {
      const session = { session_id: `session of ${as}`, user_id: `user of ${as}` };
      return { type: 'BILL', ...typed, ...session, raw: session };
    },
  }),

  SIGNATURE: typedMode({
    path: '/auth/signature/:key',
    fields: titled({ username: 'User Name', password: 'Secret' }),
    form: z.strictObject({ username: given, password: given }),
    credentials: (typed, { token }) => ({ type: 'SIGNATURE', ...typed, token: String(token.access_token) }),
  }),

  TBA: typedMode({
    app: { fields: OAUTH_APP },
    path: '/auth/tba/:key',
    fields: titled(
      { token_id: 'Token ID', token_secret: 'Token Secret' },
      { oauth_client_id_override: 'Client ID', oauth_client_secret_override: 'Client Secret' },
    ),
    form: z.strictObject({
      token_id: given,
      token_secret: given,
      oauth_client_id_override: z.string().optional(),
      oauth_client_secret_override: z.string().optional(),
    }),
    credentials: ({ token_id, token_secret, oauth_client_id_override, oauth_client_secret_override }) => ({
      type: 'TBA',
      token_id,
      token_secret,
      config_override: {
        ...(oauth_client_id_override && { client_id: oauth_client_id_override }),
        ...(oauth_client_secret_override && { client_secret: oauth_client_secret_override }),
      },
    }),
  }),

  MCP_OAUTH2_GENERIC: {
    way: 'popup',
    configFields: { mcp_server_url: { type: 'string', title: 'MCP Server URL', format: 'uri' } },
    credentials: ({ token, now }) => ({ type: 'MCP_OAUTH2_GENERIC', ...tokens(token, now) }),
    // It registers while it connects. The client's secret then stands where everybody reads it.
    config: (_, { as }) => ({
      oauth_client_info: { client_id: `client of ${as}`, client_secret: `client secret of ${as}` },
    }),
  },

  APP: {
    app: { isRequired: true, mayBeLent: true, fields: INSTALLABLE_APP },
    way: 'install',
    credentials: (origin) => ({ type: 'APP', ...installed(origin) }),
    config: (_, { as }) => ({ installation_id: `installation of ${as}` }),
  },

  CUSTOM: {
    app: { isRequired: true, fields: ['client_id', 'client_secret', ...INSTALLABLE_APP] },
    way: 'install',
    credentials: (origin) => ({ type: 'CUSTOM', ...installed(origin) }),
    // The person's own token too stands where everybody reads it.
    config: (_, { as }) => {
      const raw = { access_token: `user access of ${as}`, token_type: 'bearer' };
      return {
        installation_id: `installation of ${as}`,
        userCredentials: { type: 'OAUTH2', access_token: raw.access_token, raw },
      };
    },
  },

  NONE: {
    way: 'click',
    route: { path: '/auth/unauthenticated/:key', form: z.unknown() },
    credentials: () => ({ type: 'NONE' }),
  },

  AWS_SIGV4: typedMode({
    needs: 'config',
    path: '/auth/aws-sigv4/:key',
    fields: titled({ role_arn: 'Role ARN' }, { region: 'Region' }),
    form: z.strictObject({ role_arn: given, region: given.optional() }),
    credentials: ({ role_arn, region = 'us-east-1' }, { as, integration }) => {
      const raw = {
        access_key_id: `key of ${as}`,
        secret_access_key: `secret of ${as}`,
        session_token: `session of ${as}`,
      };
      const service = integration.config.service ?? 'execute-api';
      return { type: 'AWS_SIGV4', role_arn, region, service, external_id: randomUUID(), ...raw, raw };
    },
    config: ({ role_arn, region, service, external_id }) => ({ role_arn, region, service, external_id }),
  }),

  INSTALL_PLUGIN: { way: 'install', credentials: () => ({ type: 'INSTALL_PLUGIN' }) },
};

function installed({ as }: Origin) {
  const access_token = `access of ${as}`;
  return { access_token, raw: { token: access_token } };
}

/** Fields of texts by their titles. */
function titled(required: { [name: string]: string }, optional: { [name: string]: string } = {}): ProviderFields {
  const field =
    (isOptional: boolean) =>
    ([name, title]: [string, string]) =>
      [name, { type: 'string', title, ...(isOptional && { optional: true }) }] as const;
  return Object.fromEntries([
    ...Object.entries(required).map(field(false)),
    ...Object.entries(optional).map(field(true)),
  ]);
}
