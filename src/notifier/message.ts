import { printable, withoutControls } from '../contract/rules/printable';
import type { Notice, OperatorNotice } from '../contract/types';
import { ENGLISH_NOTICES } from './texts';
import type { NoticeTexts, NoticeWords } from './texts';

/** A notice in words, for whatever carries them: a mail, a chat. Plain text; nothing in it ends a line. */
export interface NoticeMessage {
  /** one line */
  subject: string;
  /** one line each */
  paragraphs: string[];
  /** what to press, and where it leads: for a person a permanent link, for an operator a page of the inbox */
  link?: {
    /** of a button */
    label: string;
    /** of a person: whoever has it can connect an account */
    url: string;
  };
  /** the language, as HTML names it */
  lang: string;
}

/** What a person is told. */
export function personMessage(notice: Notice, url: string | undefined, replaced: Partial<NoticeTexts>): NoticeMessage {
  const texts = { ...ENGLISH_NOTICES, ...replaced };
  const shown = readable(notice);
  const words = personWords(shown, texts);
  const { unconfirmed = [] } = notice.question;
  const isOpen = unconfirmed.some(({ refusedBy }) => refusedBy === undefined);
  const hints = [
    ...(isOpen ? [texts.unconfirmed(shown)] : []),
    texts.deadline(notice.question.deadline),
    ...(url === undefined ? [] : [texts.linkHint]),
  ];
  return messageOf(withReminder(words, notice.reason === 'reminder', texts), hints, url, texts);
}

/** What an operator is told. */
export function operatorMessage(notice: OperatorNotice, replaced: Partial<NoticeTexts>): NoticeMessage {
  const texts = { ...ENGLISH_NOTICES, ...replaced };
  const shown = readable(notice);
  const words = operatorWords(shown, texts);
  if (notice.reason === 'outage') return messageOf(words, [], undefined, texts);
  const isReminder = (notice.reason === 'question' ? notice.occasion : notice.reason) === 'reminder';
  const hints = [texts.deadline(notice.question.deadline)];
  return messageOf(withReminder(words, isReminder, texts), hints, notice.page, texts);
}

/** The same as lines, a link among them. */
export function plainText({ paragraphs, link }: NoticeMessage, replaced: Partial<NoticeTexts>): string {
  const { link: before } = { ...ENGLISH_NOTICES, ...replaced };
  const all = link === undefined ? paragraphs : [...paragraphs, `${before(link.label)}\n${link.url}`];
  return `${all.join('\n\n')}\n`;
}

function personWords(notice: Notice, texts: NoticeTexts): NoticeWords {
  const { kind, accountChange } = notice.question;
  if (accountChange !== undefined) return texts.accountChanged(notice, accountChange);
  switch (kind) {
    case 'reconnect':
      return texts.reconnect(notice);
    case 'approve-scopes':
      return texts.approveScopes(notice);
    case 'recreate-connection':
      return texts.recreateConnection(notice);
    // The last two are an operator's, and reach no person.
    case 'connect':
    case 'choose-connection':
    case 'update-integration-scopes':
      return texts.connect(notice);
  }
}

function operatorWords(notice: OperatorNotice, texts: NoticeTexts): NoticeWords {
  if (notice.reason === 'outage') return texts.outage(notice);
  if (notice.reason !== 'question') return texts.setUp(notice);
  const { kind, accountChange } = notice.question;
  if (notice.occasion === 'ownerRefused') return texts.ownerRefused(notice);
  if (accountChange !== undefined) return texts.confirmAccount(notice, accountChange);
  return kind === 'choose-connection' ? texts.chooseConnection(notice) : texts.updateIntegrationScopes(notice);
}

function withReminder(words: NoticeWords, isReminder: boolean, texts: NoticeTexts): NoticeWords {
  return isReminder ? { ...words, subject: texts.reminder(words.subject) } : words;
}

function messageOf(
  { subject, paragraphs, action }: NoticeWords,
  hints: string[],
  url: string | undefined,
  { lang }: NoticeTexts,
): NoticeMessage {
  return {
    subject: withoutControls(subject),
    paragraphs: [...paragraphs, ...hints].map(withoutControls),
    link: url === undefined ? undefined : { label: withoutControls(action), url },
    lang,
  };
}

/** A notice as texts get it: its names are others', and some come from a provider. */
function readable<T>(value: T): T {
  if (typeof value === 'string') return printable(value) as T;
  if (Array.isArray(value)) return value.map(readable) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner)])) as T;
}
