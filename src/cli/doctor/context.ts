import type { Client } from '@temporalio/client';
import { resolveConfig } from '../../config';
import type { NangoConfig } from '../../config';
import { NangoApi } from '../../nango/http/http';
import type { HttpOutcome } from '../../nango/http/outcome';
import { connectTemporal, temporalSettings } from '../temporal';

/** Of one request to a server. */
export const PROBE_MS = 10_000;

/** Sent where there is no key: Nango refuses it in its own words, and so is known. */
const NO_KEY = 'none';

/** What Nango said, and when by this machine's clock. */
interface Probe {
  outcome: HttpOutcome;
  /** milliseconds since the epoch, in the middle between request and response */
  at: number;
}

/** Where Temporal is, as it is set. */
interface TemporalPlace {
  address: string;
  namespace: string;
}

/** What the checks look at. What several of them need of a server is asked once. */
export interface DoctorContext {
  env: NodeJS.ProcessEnv;
  /** where `.env` is looked for */
  cwd: string;
  /** milliseconds since the epoch */
  now: () => number;
  /** @throws Nango.Misconfigured if a setting is malformed */
  settings: () => NangoConfig;
  /** speaks to Nango with the secret key, or with another */
  nango: (key?: string) => NangoApi;
  /** the response to `GET /integrations` */
  integrations: () => Promise<Probe>;
  /** @throws CliFailure (usage) if they cannot be read */
  temporalPlace: () => TemporalPlace;
  /** @throws Nango.TemporalUnavailable if it cannot be reached */
  temporal: () => Promise<Client>;
  /** ends what was opened */
  close: () => Promise<void>;
}

/** What the checks look at, as this process is set up. Nothing is asked of anybody before a check needs it. */
export function doctorContext(): DoctorContext {
  const { env } = process;
  const cwd = process.cwd();
  const closing: (() => Promise<void>)[] = [];
  const settings = once(() => resolveConfig({ env, cwd }));
  const nango = (key = settings().secretKey ?? NO_KEY): NangoApi => {
    const api = new NangoApi({ baseUrl: settings().baseUrl, secretKey: key });
    closing.push(() => api.close());
    return api;
  };
  return {
    env,
    cwd,
    now: Date.now,
    settings,
    nango,
    integrations: once(async () => {
      const sent = Date.now();
      const outcome = await nango().send({ method: 'GET', path: '/integrations' }, { deadlineMs: PROBE_MS });
      return { outcome, at: (sent + Date.now()) / 2 };
    }),
    temporalPlace: once(() => {
      const { connectionOptions, namespace = 'default' } = temporalSettings();
      return { address: connectionOptions.address ?? 'localhost:7233', namespace };
    }),
    temporal: once(async () => {
      const { client, close } = await connectTemporal();
      closing.push(close);
      return client;
    }),
    close: async () => void (await Promise.all(closing.splice(0).map((close) => close()))),
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
