import type { Notice, OperatorNotice } from '../contract/types';
import { withoutControls } from '../contract/rules/printable';
import type { Notifier, OperatorNotifier } from '../notifier';
import { atMost } from './at-most';
import { asHtml } from './html';
import { linkTo } from './link-to';
import { misconfigured, transporterOf } from './mail-transport';
import type { Mail, MailContent, MailTransport } from './mail-transport';
import { operatorMessage, personMessage, plainText } from './message';
import type { NoticeMessage } from './message';
import { notDelivered } from './not-delivered';
import { noticeId } from './notice-id';
import type { NoticeTexts } from './texts';

/** More mails at once wait their turn. */
const MAX_CONNECTIONS = 5;
/** A mail whose turn comes later is not begun: the server might take it when it has been given up, and it is sent again. */
const TURN_MS = 20_000;
/** Less than a notifier may take, so that what is thrown says why. A transporter that hangs leaves its place to others. */
const ALL_MS = 28_000;
/** One address, and nothing that would make it two or end a line. */
const ADDRESS = /^[^\s\p{C}<>()[\]\\,;:@"]{1,64}@[^\s\p{C}<>()[\]\\,;:@"]{1,255}$/u;

/** By whom mails are sent, from whom, to whom. */
export interface SmtpNotifierOptions<N> {
  /**
   * `smtps://user:password@host`, `smtp://…`, nodemailer's options, or a transporter of its. Beyond this machine TLS is
   * demanded, unless the options say `requireTLS: false` or the transporter is your own. No error or log says it
   */
  transport: MailTransport;
  /** who sends it: an address, or `Example CRM <crm@example.com>` */
  from: string;
  /** who gets it: addresses without names. With none, no mail is sent */
  to: (notice: N) => string | string[] | undefined | Promise<string | string[] | undefined>;
  /** what the messages say; default: {@link ENGLISH_NOTICES} for each that is left out */
  texts?: Partial<NoticeTexts>;
  /** what a mail says in all, from its words; default: as plain text and as HTML with a button */
  template?: (message: NoticeMessage, notice: N) => MailContent;
}

/**
 * A {@link Notifier} that sends each notice as a mail with the permanent link. It needs `nodemailer`, which you install
 * (7 or newer).
 *
 * @example
 * ```ts
 * new NangoPlugin({
 *   notifier: smtpNotifier({
 *     transport: process.env.SMTP_URL!,
 *     from: 'Example CRM <crm@example.com>',
 *     to: ({ owner }) => owner.endUser?.email,
 *   }),
 * });
 * ```
 * @param options how it is sent, from whom, to whom
 * @throws Nango.Misconfigured at once: without `nodemailer`, or naming `transport` or `from`
 */
export function smtpNotifier(options: SmtpNotifierOptions<Notice>): Notifier {
  const send = sender(options);
  return async (notice, request, signal) => {
    const link = linkTo(request);
    // A mail that asks for what cannot be done is worse than none.
    if (link === undefined) throw notDelivered('no_link');
    await send('person', notice, personMessage(notice, link, options.texts ?? {}), signal);
  };
}

/** The same for operators. @param options as of {@link smtpNotifier} @throws as {@link smtpNotifier} */
export function operatorSmtpNotifier(options: SmtpNotifierOptions<OperatorNotice>): OperatorNotifier {
  const send = sender(options);
  return async (notice, signal) => {
    await send('operator', notice, operatorMessage(notice, options.texts ?? {}), signal);
  };
}

function sender<N extends Notice | OperatorNotice>({
  transport,
  from,
  to,
  texts = {},
  template = (message) => ({ subject: message.subject, text: plainText(message, texts), html: asHtml(message) }),
}: SmtpNotifierOptions<N>) {
  const domain = /@([\w.-]+)>?\s*$/.exec(from)?.[1];
  if (domain === undefined || withoutControls(from) !== from) throw misconfigured('from', 'must end with an address');
  const transporter = transporterOf(transport);
  const inTurn = atMost(MAX_CONNECTIONS);
  return async (
    audience: 'person' | 'operator',
    notice: N,
    message: NoticeMessage,
    signal: AbortSignal,
  ): Promise<void> => {
    const since = performance.now();
    const recipients = [(await to(notice)) ?? []].flat();
    if (recipients.length === 0) return;
    if (!recipients.every((address) => ADDRESS.test(address))) throw notDelivered('bad_address');
    const { subject, text, html } = template(message, notice);
    const mail: Mail = {
      ...{ from, to: recipients, subject: withoutControls(subject), text, html },
      messageId: `<${noticeId(audience, notice)}@${domain}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    };
    await inTurn(async () => {
      const waited = performance.now() - since;
      if (signal.aborted || waited >= TURN_MS) throw notDelivered('not_delivered');
      await within(ALL_MS - waited, transporter.sendMail(mail)).catch((error: unknown) => {
        const { responseCode } = (error ?? {}) as { responseCode?: unknown };
        throw notDelivered('not_delivered', typeof responseCode === 'number' ? responseCode : undefined);
      });
    });
  };
}

async function within(ms: number, sending: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('It has taken too long.')), ms);
  });
  try {
    await Promise.race([sending, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
