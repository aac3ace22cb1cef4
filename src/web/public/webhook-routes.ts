import { channel } from 'node:diagnostics_channel';
import type { Client } from '@temporalio/client';
import { Hono } from 'hono';
import type { Context } from 'hono';
import type { NangoConfig } from '../../config';
import { signedWebhookHandler } from '../../webhook';
import type { WebhookEvent, WebhookResult } from '../../webhook';
import type { AddressOf } from '../client-address';
import { isSigned } from '../../webhook-signature';
import { RateLimit } from '../rate-limit';
import { readBodyOf } from '../read-body';
import { within } from '../within';

const MAX_BYTES = 1024 * 1024;
const BODY_WITHIN_MS = 10_000;
const DEADLINE_MS = 1_000;
const BAD_SIGNATURES_PER_MINUTE = 60;

/** What became of a delivery, as the diagnostics channel `temporal-nango:webhook` tells it; nothing of its content. */
export interface WebhookReport {
  /** that of the handler, or why it was not asked, or could not be heard */
  outcome:
    | WebhookResult['outcome']
    /** no signing key is configured */
    | 'notConfigured'
    /** its address has sent too many bad signatures */
    | 'limited'
    /** its content type is not JSON */
    | 'notJson'
    /** more than 1 MB */
    | 'tooLarge'
    /** its body took more than ten seconds */
    | 'tooSlow'
    /** it broke off */
    | 'aborted'
    /** `onWebhook` threw, or took too long */
    | 'applicationFailed';
  /** of the response to Nango; it repeats a delivery after 503 */
  status: 200 | 400 | 401 | 413 | 415 | 503;
  /** open requests that got the hint */
  signalled: number;
  /** requests that could have been meant but do not run */
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
  const receive = receiver(parts);
  const app = new Hono();
  app.post('/nango', async (c) => {
    const { retryAfter, ...report } = await receive(c);
    if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter));
    reports.publish(report);
    return c.body(null, report.status);
  });
  return app;
}

type Receive = (c: Context) => Promise<WebhookReport & { retryAfter?: number }>;

function receiver({ client, config, onWebhook, addressOf }: WebhookParts): Receive {
  const { webhookSigningKeys: keys } = config;
  if (keys.length === 0) return () => Promise.resolve(refused(503, 'notConfigured'));
  const unproven = new RateLimit(BAD_SIGNATURES_PER_MINUTE);
  const handle = signedWebhookHandler(client, config);
  return async (c) => {
    const { raw: request } = c.req;
    if (!isJson(request.headers.get('content-type') ?? '')) return refused(415, 'notJson');
    // Counted as bad before its body is read, which may be held back, until its signature is found good.
    const { retryAfter, forgive } = unproven.attempt(addressOf(c));
    if (forgive === undefined) return { ...refused(503, 'limited'), retryAfter };
    const body = await readBodyOf(c, MAX_BYTES, BODY_WITHIN_MS);
    if (body === 'tooLarge') forgive();
    if (typeof body === 'string') return refused(body === 'tooLarge' ? 413 : 503, body);
    if (!isSigned(body, Object.fromEntries(request.headers), keys)) return refused(401, 'badSignature');
    forgive();
    // The deadline ends the calls; connecting to Temporal, which comes before them, knows of none.
    const handling = client.withDeadline(Date.now() + DEADLINE_MS, () => handle(body));
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
