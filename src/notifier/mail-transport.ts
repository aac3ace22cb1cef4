import { createRequire } from 'node:module';
import type { ApplicationFailure } from '@temporalio/common';
import { nangoFailure } from '../contract/errors';
import { isLoopback } from '../contract/rules/loopback';

/** A notifier has 30 seconds; these are for what a server that hangs may take of them. */
const TIMEOUTS = { connectionTimeout: 8_000, greetingTimeout: 8_000, socketTimeout: 15_000, dnsTimeout: 8_000 };
const NOTHING_FROM_ELSEWHERE = { disableFileAccess: true, disableUrlAccess: true };

/** What a mail is sent by: a transporter of nodemailer's, https://nodemailer.com/usage/. */
export interface MailTransporter {
  /** sends one mail; rejected if the server has not taken it */
  sendMail(mail: Mail): Promise<unknown>;
}

/** A mail, as nodemailer takes it. */
export interface Mail extends MailContent {
  /** who sends it */
  from: string;
  /** who gets it: one address each */
  to: string[];
  /** the same whenever the same notice is sent again */
  messageId: string;
  /** that nobody has written it by hand */
  headers: Record<string, string>;
}

/** What a mail says. */
export interface MailContent {
  /** one line */
  subject: string;
  /** as plain text */
  text: string;
  /** the same as HTML */
  html: string;
}

/**
 * By what mails are sent: `smtps://user:password@host:port`, or `smtp://…`; nodemailer's options,
 * https://nodemailer.com/smtp/; or a transporter of its.
 */
export type MailTransport = string | { [option: string]: unknown } | MailTransporter;

interface Nodemailer {
  createTransport(options: object): MailTransporter;
}

/** @throws Nango.Misconfigured without `nodemailer`, or naming `transport`, never its value */
export function transporterOf(transport: MailTransport): MailTransporter {
  if (typeof transport === 'object' && 'sendMail' in transport) return transport as MailTransporter;
  const options = typeof transport === 'string' ? optionsOf(transport) : transport;
  const host = options.host ?? options.service;
  if (typeof host !== 'string' || host === '') throw misconfigured('transport', 'must name a host');
  return nodemailer().createTransport({
    ...TIMEOUTS,
    requireTLS: !isLoopback(host),
    ...options,
    ...NOTHING_FROM_ELSEWHERE,
  });
}

/** Not by nodemailer, whose older versions drop the options beside an address. */
function optionsOf(url: string): { [option: string]: unknown } {
  const parsed = /^smtps?:/.test(url) && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || parsed.search !== '')
    throw misconfigured('transport', 'must be smtp:// or smtps:// without a query, or options');
  const { hostname, port, username, password } = parsed;
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? undefined : Number(port),
    secure: parsed.protocol === 'smtps:',
    auth: username === '' ? undefined : { user: decoded(username), pass: decoded(password) },
  };
}

/** @throws Nango.Misconfigured for a text with a % of its own */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw misconfigured('transport', 'must have user and password encoded, a % as %25');
  }
}

/** An optional peer: whoever sends no mail does not have it. */
function nodemailer(): Nodemailer {
  try {
    return createRequire(__filename)('nodemailer') as Nodemailer;
  } catch {
    throw nangoFailure('Nango.Misconfigured', { hint: 'Mail needs nodemailer: `npm install nodemailer`.' });
  }
}

/** What a notifier of ours throws when it is made. */
export function misconfigured(field: string, rule: string): ApplicationFailure {
  return nangoFailure('Nango.Misconfigured', { field, hint: `${field} ${rule}.` });
}
