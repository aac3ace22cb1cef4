import { Agent } from 'undici';
import { nangoFailure } from '../contract/errors';
import { isLoopback } from '../contract/rules/loopback';
import type { Notice, OperatorNotice } from '../contract/types';
import type { Notifier, OperatorNotifier } from '../notifier';
import { VERSION } from '../version';
import type { DeliveryHeaders } from '../webhook-signature';
import { linkTo } from './link-to';
import { operatorMessage, personMessage, plainText } from './message';
import type { NoticeMessage } from './message';
import { noticeId } from './notice-id';
import { post } from './post';
import { signedHeaders, verifiedId, webhookKeys } from './standard-webhooks';
import type { NoticeTexts } from './texts';

/** More notices at once wait their turn. */
const MAX_CONNECTIONS = 8;

/** Where a webhook goes, and who signs it. */
export interface WebhookNotifierOptions {
  /** `https`, or `http` on this machine. What it names may be secret: no error or log says it */
  url: string;
  /**
   * `whsec_` and 24 to 64 bytes in base64, as Standard Webhooks writes it; of several each signs, so that a receiver can go
   * over from one to the next
   */
  secret: string | readonly string[];
  /** what the messages say; default: {@link ENGLISH_NOTICES} for each that is left out */
  texts?: Partial<NoticeTexts>;
}

/** The body of a webhook, in the form that Standard Webhooks recommends. */
export type NoticeDelivery = PersonDelivery | OperatorDelivery;

/** What a webhook says of a notice, whomever it is for. */
export interface DeliveredMessage {
  /** one line */
  subject: string;
  /** the message as lines, the link among them */
  text: string;
}

/** A notice for a person. */
export interface PersonDelivery {
  /** what it is */
  type: 'notice.person';
  /** when it was sent first, as ISO 8601 */
  timestamp: string;
  /** what the notifier was given */
  data: DeliveredMessage & {
    /** what the notifier was given */
    notice: Notice;
    /** the permanent link: whoever has it can connect an account. Absent where the worker's settings make none */
    link?: string;
  };
}

/** A notice for operators. */
export interface OperatorDelivery {
  /** what it is */
  type: 'notice.operator';
  /** when it was sent first, as ISO 8601 */
  timestamp: string;
  /** what the notifier was given */
  data: DeliveredMessage & {
    /** what the notifier was given; `page` leads to the inbox */
    notice: OperatorNotice;
  };
}

/**
 * A {@link Notifier} that posts each notice as JSON, signed by the scheme of Standard Webhooks
 * (https://www.standardwebhooks.com): the receiver verifies it by any library of theirs, or by {@link readNotice}. Sent
 * again within 25 seconds after a network error, 429 or 5xx, with the same `webhook-id`; and with that id once more when
 * the worker calls it again. Redirects are not followed.
 *
 * @example
 * ```ts
 * new NangoPlugin({ notifier: webhookNotifier({ url: 'https://app.example.com/notices', secret: process.env.NOTICE_SECRET! }) });
 * ```
 * @param options where to, and the secret
 * @throws Nango.Misconfigured at once, naming `url` or `secret`
 */
export function webhookNotifier(options: WebhookNotifierOptions): Notifier {
  const send = sender(options);
  const { texts = {} } = options;
  return async (notice, request, signal) => {
    const link = linkTo(request);
    const message = messageIn(personMessage(notice, link, texts), texts);
    await send('person', notice, { type: 'notice.person', data: { notice, link, ...message } }, signal);
  };
}

/** The same for operators. @param options where to, and the secret @throws as {@link webhookNotifier} */
export function operatorWebhookNotifier(options: WebhookNotifierOptions): OperatorNotifier {
  const send = sender(options);
  const { texts = {} } = options;
  return async (notice, signal) => {
    const message = messageIn(operatorMessage(notice, texts), texts);
    await send('operator', notice, { type: 'notice.operator', data: { notice, ...message } }, signal);
  };
}

/**
 * What a webhook of ours says, if it is one: signed by one of the secrets, in the last five minutes.
 *
 * @param rawBody the body as it arrived: the signature is over its bytes
 * @param headers of the request, in any case
 * @param secret as the notifier has it
 * @returns nothing for what is not ours; else the delivery and its id, which stays the same when it is sent again
 * @throws Nango.Misconfigured naming `secret`
 */
export function readNotice(
  rawBody: string | Uint8Array,
  headers: DeliveryHeaders,
  secret: string | readonly string[],
): (NoticeDelivery & { id: string }) | undefined {
  const id = verifiedId(rawBody, headers, webhookKeys(secret), Date.now());
  if (id === undefined) return undefined;
  const text = typeof rawBody === 'string' ? rawBody : Buffer.from(rawBody).toString('utf8');
  return { ...(JSON.parse(text) as NoticeDelivery), id };
}

type Unsent = Omit<PersonDelivery, 'timestamp'> | Omit<OperatorDelivery, 'timestamp'>;

function sender({ url, secret }: WebhookNotifierOptions) {
  checkUrl(url);
  const keys = webhookKeys(secret);
  const receiver = { url, dispatcher: new Agent({ connections: MAX_CONNECTIONS }) };
  const fixed = { 'content-type': 'application/json', 'user-agent': `temporal-nango/${VERSION}` };
  return async (
    audience: 'person' | 'operator',
    notice: Notice | OperatorNotice,
    delivery: Unsent,
    signal: AbortSignal,
  ): Promise<void> => {
    const id = `msg_${noticeId(audience, notice)}`;
    const body = JSON.stringify({ ...delivery, timestamp: new Date().toISOString() });
    await post(receiver, body, () => ({ ...fixed, ...signedHeaders(id, body, keys, Date.now()) }), signal);
  };
}

function messageIn(message: NoticeMessage, texts: Partial<NoticeTexts>): DeliveredMessage {
  return { subject: message.subject, text: plainText(message, texts) };
}

function checkUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isSafe = parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback(parsed.hostname));
  if (isSafe && parsed.username === '' && parsed.password === '') return;
  const hint = 'url must be https, or http on this machine, and hold no user or password: a notice holds a link.';
  throw nangoFailure('Nango.Misconfigured', { field: 'url', hint });
}
