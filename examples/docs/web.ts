import type { Client } from '@temporalio/client';
import { Hono } from 'hono';
import { publicWeb } from 'temporal-nango/web';

export function appOf(temporalClient: Client) {
  const app = new Hono();
  app.mount('/nango', publicWeb(temporalClient).fetch);
  return app;
}
