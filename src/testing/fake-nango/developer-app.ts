import { z } from 'zod';
import { empty } from './fields';
import { MODES } from './modes/table';
import type { Provider } from './provider';
import { fail } from './responses';
import type { Integration } from './state';

/** The app that a provider knows an integration by: its credentials. */

const SCOPES = /^[0-9a-zA-Z:/_.*-]+(,[0-9a-zA-Z:/_.*-]+)*$/;
const clientId = z.string().min(1).max(255);
const secret = z.string().min(1);
const app = {
  app_id: z.string().min(1).max(255),
  app_link: z.string().min(1),
  private_key: z.string().startsWith('-----BEGIN RSA PRIVATE KEY----').endsWith('-----END RSA PRIVATE KEY-----'),
};

/** As they are given. */
export const developerAppSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.enum(['OAUTH1', 'OAUTH2', 'TBA']),
    client_id: clientId,
    client_secret: secret,
    scopes: z.union([z.string().regex(SCOPES), empty]).optional(),
    webhook_secret: z.string().max(255).optional(),
  }),
  z.strictObject({ type: z.literal('APP'), ...app }),
  z.strictObject({ type: z.literal('CUSTOM'), client_id: clientId, client_secret: secret, ...app }),
]);

/** As they are given. */
export type DeveloperAppCredentials = z.infer<typeof developerAppSchema>;

/** Ends the request if they are of another mode than the provider. */
export function checkKind(credentials: DeveloperAppCredentials | undefined, { authMode }: Provider): void {
  if (credentials !== undefined && credentials.type !== authMode) {
    fail(400, { code: 'invalid_body', message: 'The credentials are of another kind than the provider.' });
  }
}

/** Ends the request if there are none, and the provider's mode needs them. */
export function checkThere(credentials: DeveloperAppCredentials | undefined, { authMode }: Provider): void {
  if (credentials === undefined && MODES[authMode].app?.isRequired) {
    fail(400, { code: 'invalid_body', message: 'This provider needs credentials.' });
  }
}

/** Some that a provider of this mode could know; null for a mode without. */
export function madeUpApp({ authMode, defaultScopes }: Provider): Integration['credentials'] {
  const client = { client_id: 'id', client_secret: 'secret', scopes: defaultScopes?.join(',') };
  const installable = { app_id: 'id', app_link: 'http://provider.invalid/app', private_key: 'key' };
  switch (authMode) {
    case 'OAUTH1':
    case 'OAUTH2':
    case 'MCP_OAUTH2':
      return { type: authMode, ...client };
    case 'APP':
      return { type: authMode, ...installable };
    case 'CUSTOM':
      return { type: authMode, ...client, ...installable };
    default:
      return null;
  }
}

/** Of an app that is Nango's own these are empty. */
const WITHHELD = ['client_id', 'client_secret', 'app_id', 'private_key'];

/** As they are shown; null for a mode that is not shown with any. */
export function developerAppView({ provider, credentials, isLent }: Integration): object | null {
  const { app: rule } = MODES[provider.authMode];
  if (rule === undefined) return null;
  const values = rule.fields.map((name) => {
    if (isLent && name !== 'scopes') return [name, WITHHELD.includes(name) ? '' : null];
    return [name, credentials?.[name] || null];
  });
  return { type: provider.authMode, ...(Object.fromEntries(values) as object) };
}
