import { channel } from 'node:diagnostics_channel';
import type { Client } from '@temporalio/client';
import { Hono } from 'hono';
import type { NangoConfig } from '../../config';
import { webhookHandler } from '../../webhook';
import type { WebhookEvent, WebhookResult } from '../../webhook';
import type { AddressOf } from '../client-address';
import { RateLimit } from '../rate-limit';
import { readBody } from './read-body';
import { within } from '../within';

const MAX_BYTES = 1024 * 1024;
const BODY_WITHIN_MS = 10_000;
const DEADLINE_MS = 1_000;
const BAD_SIGNATURES_PER_MINUTE = 60;

/** What became of a delivery, as the diagnostics channel `temporal-nango:webhook` tells it; nothing of its content. */
export interface WebhookReport {
  outcome:
    | WebhookResult['outcome']
    /** no signing key is configured */
    | 'notConfigured'
    /** its address has sent too many bad signatures */
    | 'limited'
    | 'notJson'
    | 'tooLarge'
    | 'tooSlow'
    /** `onWebhook` threw, or took too long */
    | 'applicationFailed';
  status: 200 | 400 | 401 | 413 | 415 | 503;
  signalled: number;
  missed: number;
  /** what `onWebhook` threw */
  error?: unknown;
}

/**
 * Counted by whoever subscribes: Node's own way to be told, which costs nothing while nobody listens. A counter of ours
 * would be in one process only, and not where the application's other counters are.
 */
const reports = channel('temporal-nango:webhook');

interface WebhookParts {
  client: Client;
  config: NangoConfig;
  onWebhook?: (event: WebhookEvent) => unknown;
  addressOf: AddressOf;
}

/**
 * `POST /nango`: deliveries of Nango, which repeats one after a 5xx and not after a 4xx. So what is our fault, or may be,
 * is 503: Temporal that does not answer within a second, an application that fails, a signing key that is not set yet, and
 * an address with sixty bad signatures in a minute, which behind a proxy that is not counted may be Nango's own.
 */
export function webhookRoutes(parts: WebhookParts): Hono {
  const badSignatures = new RateLimit(BAD_SIGNATURES_PER_MINUTE);
  const receive = receiver(parts);
  const app = new Hono();
  app.post('/nango', async (c) => {
    const address = parts.addressOf(c);
    const retryAfter = badSignatures.retryAfter(address);
    const report = retryAfter === undefined ? await receive(c.req.raw) : refused(503, 'limited');
    if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter));
    if (report.outcome === 'badSignature') badSignatures.count(address);
    reports.publish(report);
    return c.body(null, report.status);
  });
  return app;
}

function receiver({ client, config, onWebhook }: WebhookParts): (request: Request) => Promise<WebhookReport> {
  if (config.webhookSigningKeys.length === 0) return () => Promise.resolve(refused(503, 'notConfigured'));
  const handle = webhookHandler(client, { config });
  return async (request) => {
    if (!isJson(request.headers.get('content-type') ?? '')) return refused(415, 'notJson');
    const body = await readBody(request, MAX_BYTES, BODY_WITHIN_MS);
    if (body === 'tooLarge') return refused(413, 'tooLarge');
    if (body === 'tooSlow') return refused(503, 'tooSlow');
    const headers = Object.fromEntries(request.headers);
    // The deadline ends the calls; connecting to Temporal, which comes before them, knows of none.
    const handling = client.withDeadline(Date.now() + DEADLINE_MS, () => handle(body, headers));
    const late = { ...refused(503, 'temporalUnavailable'), event: undefined };
    const { event, ...report } = await within(DEADLINE_MS, handling, late);
    return event === undefined || onWebhook === undefined ? report : await handOver(event, onWebhook, report);
  };
}

async function handOver(
  event: WebhookEvent,
  onWebhook: (event: WebhookEvent) => unknown,
  report: WebhookReport,
): Promise<WebhookReport> {
  const taking = (async () => {
    await onWebhook(event);
    return report;
  })();
  try {
    return await within(DEADLINE_MS, taking, refused(503, 'applicationFailed'));
  } catch (error) {
    return { ...refused(503, 'applicationFailed'), error };
  }
}

function refused(status: WebhookReport['status'], outcome: WebhookReport['outcome']): WebhookReport {
  return { status, outcome, signalled: 0, missed: 0 };
}

function isJson(contentType: string): boolean {
  return /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(contentType.trim());
}
