import { signTestWebhook } from '../../../src/testing/fake-nango';
import { stableStringify } from '../../../src/testing/fake-nango/webhooks';

/** What is posted. */
export interface Post {
  body: string;
  headers: { [name: string]: string };
}

/** A delivery of Nango's that says somebody has connected. */
export interface Connected {
  connectionId: string;
  endUserId: string;
  environment?: string;
}

const HMAC = 'x-nango-hmac-sha256';

/** The body as Nango writes it. */
function bodyOf({ connectionId, endUserId, environment = 'default' }: Connected): string {
  return stableStringify({
    type: 'auth',
    from: 'nango',
    operation: 'creation',
    success: true,
    connectionId,
    providerConfigKey: 'hubspot',
    provider: 'hubspot',
    authMode: 'OAUTH2',
    environment: 'dev',
    tags: { managed_by: 'temporal-nango', end_user_id: endUserId, tn_environment: environment },
  });
}

export function good(connected: Connected, key: string): Post {
  return signed(bodyOf(connected), key);
}

/** Ways to forge one, or to send one that is for somebody else, with what each is answered. */
export const FORGERIES: { [kind: string]: { status: number; forge: (connected: Connected, key: string) => Post } } = {
  'without a signature': {
    status: 401,
    forge: (connected) => ({ body: bodyOf(connected), headers: { 'content-type': 'application/json' } }),
  },
  'with the legacy signature only': {
    status: 401,
    forge: (connected, key) => {
      const { body, headers } = good(connected, key);
      return { body, headers: { ...headers, [HMAC]: '' } };
    },
  },
  'signed by another key': { status: 401, forge: (connected, key) => good(connected, `${key}x`) },
  'with the signature of another body': {
    status: 401,
    forge: (connected, key) => ({
      body: bodyOf(connected),
      headers: good({ ...connected, connectionId: 'other' }, key).headers,
    }),
  },
  'with half a signature': {
    status: 401,
    forge: (connected, key) => withSignature(good(connected, key), (signature) => signature.slice(0, 32)),
  },
  'with a wrong signature in upper case': {
    status: 401,
    forge: (connected, key) => withSignature(good(connected, `${key}x`), (signature) => signature.toUpperCase()),
  },
  'changed after it was signed': {
    status: 401,
    forge: (connected, key) => {
      const { body, headers } = good({ ...connected, connectionId: 'harmless' }, key);
      return { body: body.replace('harmless', connected.connectionId), headers };
    },
  },
  'of another environment': {
    status: 200,
    forge: (connected, key) => good({ ...connected, environment: 'other' }, key),
  },
  empty: { status: 400, forge: (_, key) => signed('', key) },
  'as plain text': {
    status: 415,
    forge: (connected, key) => {
      const { body, headers } = good(connected, key);
      return { body, headers: { ...headers, 'content-type': 'text/plain' } };
    },
  },
};

/** Over a megabyte, and signed. */
export function oversized(connected: Connected, key: string): Post {
  return signed(bodyOf(connected).replace('{', `{"padding":"${'x'.repeat(2 ** 20)}",`), key);
}

function signed(body: string, key: string): Post {
  return { body, headers: signTestWebhook(body, key) };
}

function withSignature({ body, headers }: Post, change: (signature: string) => string): Post {
  return { body, headers: { ...headers, [HMAC]: change(headers[HMAC] ?? '') } };
}
