import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { z } from 'zod';
import { resolveConfig } from './config';
import type { NangoConfig } from './config';
import { checkHint } from './contract/rules/check-messages';
import { checkSubject } from './contract/rules/check-request';
import { nangoFailure } from './contract/errors';
import { SIGNAL, TAG } from './contract/names';
import { healthId, requestId } from './contract/request-id';
import { tagsSchema } from './contract/schemas/connections';
import { ownerOf } from './contract/rules/tags';
import type { Hint, Owner, Tags } from './contract/types';
import { isSigned } from './webhook-signature';
import type { DeliveryHeaders } from './webhook-signature';

/** https://nango.dev/docs/reference/webhooks: fields are added over time, so only what routes is looked at. */
const connectedSchema = z.looseObject({
  type: z.literal('auth'),
  operation: z.enum(['creation', 'override']),
  success: z.literal(true),
  connectionId: z.string(),
  providerConfigKey: z.string(),
  tags: tagsSchema.default({}),
});

/** A refresh that failed. Nothing tells of one that works again. */
const refreshFailedSchema = z.looseObject({
  type: z.literal('auth'),
  operation: z.literal('refresh'),
  success: z.literal(false),
  connectionId: z.string(),
  providerConfigKey: z.string(),
  tags: tagsSchema.default({}),
});

/** The response for Nango, and what was done. Nango repeats a delivery after 5xx, not after 4xx. */
export interface WebhookResult {
  /** of the response: 200 for `routed` and `ignored`, 401 `badSignature`, 400 `badBody`, 503 `temporalUnavailable` */
  status: 200 | 400 | 401 | 503;
  /** `routed` to requests, some of which may have ended; `ignored`: not ours, or nothing to route; else refused */
  outcome: 'routed' | 'ignored' | 'badSignature' | 'badBody' | 'temporalUnavailable';
  /** open requests that got the hint */
  signalled: number;
  /** requests that could have been meant but do not run */
  missed: number;
  /** what was delivered, if it is `ignored` here and of any type: the application may have use for it */
  event?: WebhookEvent;
}

/** A delivery whose signature fits. https://nango.dev/docs/reference/webhooks has the types; more are added over time. */
export interface WebhookEvent {
  /** `auth`, `sync`, `forward`, `async_action`, … */
  type: string;
  /** whatever else Nango sent */
  [key: string]: unknown;
}

const eventSchema = z.looseObject({ type: z.string() });

/**
 * Handles one delivery of Nango, made by {@link webhookHandler}. It never throws for what was delivered.
 *
 * @param rawBody the body as it arrived: the signature is over its bytes. What a parser has made of it is a `badBody`
 * @param headers of the request, in any case
 */
export type WebhookHandler = (rawBody: string | Uint8Array, headers: DeliveryHeaders) => Promise<WebhookResult>;

/** What a webhook's handler is told; every option may be left out. */
export interface WebhookHandlerOptions {
  /** default: {@link resolveConfig}, from the environment and `.env` */
  config?: NangoConfig;
}

/**
 * Makes `handleWebhook(rawBody, headers)`: verifies a delivery of Nango over the raw bytes, and hints the requests it
 * may concern. A webhook is a hint, never a fact: forged, repeated or late ones do no harm.
 *
 * @example
 * ```ts
 * const handleWebhook = webhookHandler(temporalClient);
 * app.post('/webhooks/nango', express.raw({ type: '*' + '/*' }), async (req, res) => {
 *   res.sendStatus((await handleWebhook(req.body, req.headers)).status);
 * });
 * ```
 * @param client of Temporal, connected to the namespace of the worker
 * @param options default: settings from the environment and `.env`
 * @throws Nango.Misconfigured at once if no signing key is configured (`NANGO_WEBHOOK_SIGNING_KEYS`)
 */
export function webhookHandler(
  client: Client,
  { config = resolveConfig() }: WebhookHandlerOptions = {},
): WebhookHandler {
  const { webhookSigningKeys } = config;
  if (webhookSigningKeys.length === 0) {
    throw nangoFailure('Nango.Misconfigured', {
      field: 'NANGO_WEBHOOK_SIGNING_KEYS',
      hint: 'Set NANGO_WEBHOOK_SIGNING_KEYS to the webhook signing key of the Nango environment.',
    });
  }
  const handle = signedWebhookHandler(client, config);
  return async (rawBody, headers) => {
    if (!isRaw(rawBody)) return { status: 400, outcome: 'badBody', signalled: 0, missed: 0 };
    if (isSigned(rawBody, headers, webhookSigningKeys)) return await handle(rawBody);
    return { status: 401, outcome: 'badSignature', signalled: 0, missed: 0 };
  };
}

/** The rest of it, for a delivery whose signature has been found good. */
export function signedWebhookHandler(
  client: Client,
  { environment }: NangoConfig,
): (rawBody: string | Uint8Array) => Promise<WebhookResult> {
  return async (rawBody) => {
    const body = parseJson(rawBody);
    if (body === undefined) return { status: 400, outcome: 'badBody', signalled: 0, missed: 0 };
    const event = connectedSchema.safeParse(body);
    const routed = event.success ? routeOf(environment, event.data) : undefined;
    if (routed !== undefined) {
      if (event.data?.operation === 'override') {
        // It is tried at once; one whose refresh has just failed is not, which would only make Nango try again.
        const { connectionId } = event.data;
        await hintHealth(client, environment, event.data, { source: 'webhook', connectionId });
      }
      return await route(client, routed.ids, routed.hint);
    }
    const failed = refreshFailedSchema.safeParse(body);
    if (failed.success) await hintHealth(client, environment, failed.data, { source: 'webhook' });
    return { status: 200, outcome: 'ignored', signalled: 0, missed: 0, event: eventSchema.safeParse(body).data };
  };
}

/**
 * The hint, and which requests get it. Nothing for another environment, or if a name in it is one that no request has:
 * a delivery that would be no better the next time is not to be repeated.
 */
function routeOf(
  environment: string,
  { connectionId, providerConfigKey, tags }: z.infer<typeof connectedSchema>,
): { hint: Hint; ids: string[] } | undefined {
  const { [TAG.environment]: label = environment, [TAG.nonce]: nonce, [TAG.slot]: slot } = tags;
  const hint: Hint = { source: 'webhook', connectionId, nonce };
  try {
    checkHint(hint);
    checkSubject({ integration: providerConfigKey, owner: ownerOf(tags), slot });
  } catch {
    return undefined;
  }
  return label === environment ? { hint, ids: candidates(environment, providerConfigKey, tags) } : undefined;
}

/** With both owner tags the request may be for both, for the user or for the organization. */
function candidates(environment: string, integration: string, tags: Tags): string[] {
  const { endUser, organization } = ownerOf(tags);
  const owners: Owner[] = [{ endUser, organization }];
  if (endUser !== undefined && organization !== undefined) owners.push({ endUser }, { organization });
  return owners.map((owner) => requestId(environment, { integration, owner, slot: tags[TAG.slot] }));
}

async function route(client: Client, ids: string[], hint: Hint): Promise<WebhookResult> {
  const signals = await Promise.allSettled(ids.map((id) => client.workflow.getHandle(id).signal(SIGNAL.hint, hint)));
  const failures = signals.filter((result) => result.status === 'rejected');
  const missed = failures.filter(({ reason }) => reason instanceof WorkflowNotFoundError).length;
  const signalled = ids.length - failures.length;
  if (failures.length > missed) return { status: 503, outcome: 'temporalUnavailable', signalled, missed };
  return { status: 200, outcome: 'routed', signalled, missed };
}

/**
 * The health of the integration looks for itself, where there is one: it lives only while calls fail. Its list tells the
 * same a little later, so that nothing hangs on this.
 */
async function hintHealth(
  client: Client,
  environment: string,
  { providerConfigKey, tags }: z.infer<typeof refreshFailedSchema> | z.infer<typeof connectedSchema>,
  hint: Hint,
): Promise<void> {
  const { [TAG.environment]: label = environment } = tags;
  try {
    checkHint(hint);
    if (label === environment) {
      await client.workflow.getHandle(healthId(environment, providerConfigKey)).signal(SIGNAL.hint, hint);
    }
  } catch {
    // There is none, or it will see by itself.
  }
}

/** A server's parser that does not take a delivery's content type leaves something else in the place of the body. */
function isRaw(body: unknown): body is string | Uint8Array {
  return typeof body === 'string' || ArrayBuffer.isView(body);
}

function parseJson(rawBody: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof rawBody === 'string' ? rawBody : Buffer.from(rawBody).toString('utf8'));
  } catch {
    return undefined;
  }
}
