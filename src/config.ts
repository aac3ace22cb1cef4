import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { ApplicationFailure } from '@temporalio/common';
import { nangoFailure } from './contract/errors';
import { MAX_TEMPORAL_NAME_BYTES } from './contract/limits';
import { DEFAULT_TASK_QUEUE } from './contract/names';

/** Where Nango and our worker are, and how we speak to them; made by {@link resolveConfig}. Holds secrets: never log it. */
export interface NangoConfig {
  /** Nango's API, without a trailing slash; `NANGO_SERVER_URL`. Default `https://api.nango.dev` */
  baseUrl: string;
  /** what a browser uses, when it differs; `NANGO_PUBLIC_SERVER_URL`. Default: `baseUrl` */
  publicBaseUrl?: string;
  /** of the Nango environment; `NANGO_TOOLBOX_SECRET_KEY` or `NANGO_SECRET_KEY`. Absent in processes that need none */
  secretKey?: string;
  /** which of its names the secret key was read from: failures say it */
  secretKeyName?: string;
  /** a key with only `connect_sessions:write`, to mint links; `NANGO_CONNECT_KEY`. Default: the secret key mints */
  connectKey?: string;
  /** every one of them is tried; `NANGO_WEBHOOK_SIGNING_KEYS`. Default: none, and no webhook is taken */
  webhookSigningKeys: string[];
  /** label of the Nango environment in request ids; `TEMPORAL_NANGO_ENVIRONMENT`. Default `default` */
  environment: string;
  /** the task queue of the worker that holds the key; `TEMPORAL_NANGO_TASK_QUEUE`. Default `nango` */
  taskQueue: string;
  /**
   * Sign permanent links: the first signs, all verify; `TEMPORAL_NANGO_LINK_KEYS`, 32 characters or more each. Default:
   * none
   */
  linkKeys: string[];
  /** where people reach the public web, without a trailing slash; `TEMPORAL_NANGO_PUBLIC_URL`. Default: none */
  publicUrl?: string;
  /** where operators reach the inbox, without a trailing slash; `TEMPORAL_NANGO_INBOX_URL`. Default: none */
  inboxUrl?: string;
  /** opens the inbox; `TEMPORAL_NANGO_INBOX_TOKEN`, 32 characters or more. Default: none */
  inboxToken?: string;
  /** who asks, in the words of people who are asked; `TEMPORAL_NANGO_APP_NAME`. Default: not said */
  appName?: string;
  /** of the connect page's button and links, as `#rrggbb`; `TEMPORAL_NANGO_BRAND_COLOR`. Default: the page's own blue */
  brandColor?: string;
  /** path of the picture beside the application's name; `TEMPORAL_NANGO_BRAND_MARK`. Default: the first letter of the name */
  brandMark?: string;
}

const DEFAULT_BASE_URL = 'https://api.nango.dev';
const DEFAULT_ENVIRONMENT = 'default';
/** Of link keys and the inbox's token: whoever guesses one is let in. */
const MIN_SECRET_CHARS = 32;
const CONNECT_TOKEN_PREFIX = 'nango_connect_session_';

/** What somebody does who has no key yet; no full stop at its end. */
export const KEY_STEPS =
  '(1) Sign up for Nango at https://app.nango.dev/signup, (2) copy the secret key from Environment settings → Backend, ' +
  '(3) set NANGO_TOOLBOX_SECRET_KEY in the environment or in .env';

/** Where settings are read. */
export interface ConfigPlaces {
  /** default `process.env` */
  env?: NodeJS.ProcessEnv;
  /** folder whose `.env` is read; default `process.cwd()` */
  cwd?: string;
}

/**
 * Reads the settings: each from the environment, then from `.env` in the working directory. An empty value counts as
 * absent. Nothing is written into `process.env`.
 *
 * @param places default: of this process
 * @throws Nango.Misconfigured naming the variable, never its value
 */
export function resolveConfig({ env = process.env, cwd = process.cwd() }: ConfigPlaces = {}): NangoConfig {
  const places = [env, readDotEnv(cwd)];
  /** The first of the names that is set, in the first place that has one. */
  const first = (...names: string[]): { name: string; value: string } | undefined => {
    for (const place of places) {
      for (const name of names) {
        const value = place[name]?.trim();
        if (value) return { name, value };
      }
    }
    return undefined;
  };
  const secret = first('NANGO_TOOLBOX_SECRET_KEY', 'NANGO_SECRET_KEY');
  return {
    baseUrl: url(first('NANGO_SERVER_URL')) ?? DEFAULT_BASE_URL,
    publicBaseUrl: url(first('NANGO_PUBLIC_SERVER_URL')),
    secretKey: key(secret),
    secretKeyName: secret?.name,
    connectKey: key(first('NANGO_CONNECT_KEY')),
    webhookSigningKeys: list(first('NANGO_WEBHOOK_SIGNING_KEYS')),
    environment: label(first('TEMPORAL_NANGO_ENVIRONMENT')) ?? DEFAULT_ENVIRONMENT,
    taskQueue: taskQueue(first('TEMPORAL_NANGO_TASK_QUEUE')) ?? DEFAULT_TASK_QUEUE,
    linkKeys: unguessable('TEMPORAL_NANGO_LINK_KEYS', list(first('TEMPORAL_NANGO_LINK_KEYS'))),
    publicUrl: url(first('TEMPORAL_NANGO_PUBLIC_URL')),
    inboxUrl: url(first('TEMPORAL_NANGO_INBOX_URL')),
    inboxToken: unguessable('TEMPORAL_NANGO_INBOX_TOKEN', all(first('TEMPORAL_NANGO_INBOX_TOKEN')))[0],
    appName: first('TEMPORAL_NANGO_APP_NAME')?.value,
    brandColor: first('TEMPORAL_NANGO_BRAND_COLOR')?.value,
    brandMark: first('TEMPORAL_NANGO_BRAND_MARK')?.value,
  };
}

/** The secret key, for what cannot be done without. @throws Nango.Misconfigured with the three steps to one */
export function requireSecretKey({ secretKey }: NangoConfig): string {
  if (secretKey !== undefined) return secretKey;
  throw misconfigured('NANGO_TOOLBOX_SECRET_KEY', `is not set. ${KEY_STEPS}`);
}

/** The key that mints connect links: `NANGO_CONNECT_KEY`, else the secret key. @throws Nango.Misconfigured */
export function requireMintingKey(config: NangoConfig): string {
  return config.connectKey ?? requireSecretKey(config);
}

type Setting = { name: string; value: string } | undefined;

/**
 * What `.env` in a folder sets; nothing without one. A mark of the byte order, as editors on Windows put it at the beginning,
 * belongs to no name.
 *
 * @throws Nango.Misconfigured if it cannot be read, or is no UTF-8
 */
export function readDotEnv(cwd: string): NodeJS.Dict<string> {
  let text: string;
  try {
    text = readFileSync(join(cwd, '.env'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw misconfigured('.env', 'cannot be read');
  }
  if (text.includes('\0')) throw misconfigured('.env', 'must be saved as UTF-8');
  return parseEnv(text.replace(/^\ufeff/, ''));
}

function url(setting: Setting): string | undefined {
  if (setting === undefined) return undefined;
  const { name, value } = setting;
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol)) {
    throw misconfigured(name, 'must be an http or https URL');
  }
  if (parsed.username || parsed.password) throw misconfigured(name, 'must not contain credentials');
  if (parsed.search || parsed.hash) throw misconfigured(name, 'must not have a query or fragment');
  return (parsed.origin + parsed.pathname).replace(/\/+$/, '');
}

function key(setting: Setting): string | undefined {
  if (setting === undefined) return undefined;
  const { name, value } = setting;
  if (value.startsWith(CONNECT_TOKEN_PREFIX)) {
    throw misconfigured(name, 'is a connect session token; the secret key of the environment is wanted');
  }
  if (/[^!-~]/.test(value)) throw misconfigured(name, 'must be printable ASCII without spaces');
  return value;
}

function list(setting: Setting): string[] {
  return (setting?.value.split(',') ?? []).map((item) => item.trim()).filter((item) => item !== '');
}

function all(setting: Setting): string[] {
  return setting === undefined ? [] : [setting.value];
}

function unguessable(name: string, secrets: string[]): string[] {
  if (secrets.every((secret) => secret.length >= MIN_SECRET_CHARS)) return secrets;
  throw misconfigured(name, `must have ${MIN_SECRET_CHARS} characters or more; \`openssl rand -hex 32\` makes one`);
}

function label(setting: Setting): string | undefined {
  if (setting === undefined) return undefined;
  if (!/^[\w.-]{1,64}$/.test(setting.value)) {
    throw misconfigured(setting.name, 'must be 1 to 64 letters, digits, dots, dashes or underscores');
  }
  return setting.value;
}

function taskQueue(setting: Setting): string | undefined {
  if (setting === undefined || Buffer.byteLength(setting.value) <= MAX_TEMPORAL_NAME_BYTES) return setting?.value;
  throw misconfigured(setting.name, `must be at most ${MAX_TEMPORAL_NAME_BYTES} bytes`);
}

function misconfigured(field: string, rule: string): ApplicationFailure {
  return nangoFailure('Nango.Misconfigured', { field, hint: `${field} ${rule}.` });
}
