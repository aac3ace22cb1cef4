import type { Client } from '@temporalio/client';
import { Hono } from 'hono';
import type { NangoConfig } from '../../config';
import { NangoApi } from '../../nango/http/http';
import { within } from '../within';

const DEADLINE_MS = 3_000;
/** Whoever asks more often is told the same: the check cannot be used to press on Temporal or Nango. */
const KEPT_MS = 5_000;

interface Readiness {
  temporal: boolean;
  /** where a key is configured */
  nango?: boolean;
}

/** `GET /healthz`: this process answers. `GET /readyz`: so do those it needs, 200 if all do and else 503. */
export function healthRoutes(client: Client, config: NangoConfig): Hono {
  const app = new Hono();
  let last: { at: number; ready: Promise<Readiness> } | undefined;
  app.get('/healthz', (c) => c.text('ok'));
  app.get('/readyz', async (c) => {
    const now = performance.now();
    if (last === undefined || now - last.at >= KEPT_MS) last = { at: now, ready: check(client, config) };
    const ready = await last.ready;
    return c.json(ready, Object.values(ready).includes(false) ? 503 : 200);
  });
  return app;
}

async function check(client: Client, config: NangoConfig): Promise<Readiness> {
  const key = config.secretKey ?? config.connectKey;
  const [temporal, nango] = await Promise.all([
    within(DEADLINE_MS, isTemporalReachable(client), false),
    key === undefined ? undefined : isNangoReachable(config.baseUrl, key),
  ]);
  return { temporal, nango };
}

async function isTemporalReachable(client: Client): Promise<boolean> {
  const { namespace } = client.options;
  try {
    await client.withDeadline(Date.now() + DEADLINE_MS, () => client.workflowService.describeNamespace({ namespace }));
    return true;
  } catch {
    return false;
  }
}

/** Its own health route needs no scope and counts against no limit. */
async function isNangoReachable(baseUrl: string, secretKey: string): Promise<boolean> {
  const api = new NangoApi({ baseUrl, secretKey });
  const outcome = await api.send({ method: 'GET', path: '/health' }, { deadlineMs: DEADLINE_MS });
  await api.close();
  return outcome.kind === 'response' && outcome.status < 500;
}
