import type { Notice, OperatorNotice, Question } from '../../src/contract/types';
import { asHtml } from '../../src/notifier/html';
import { operatorMessage, personMessage, plainText } from '../../src/notifier/message';
import { ENGLISH_NOTICES } from '../../src/notifier/texts';
import type { NoticeTexts, NoticeWords } from '../../src/notifier/texts';
import { LINK, noticeOf, outageNotice, questionNoticeOf, setUpNotice } from './notices';

const { question } = noticeOf();
const accountChange = { recorded: 'anna', found: 'bert' };

const unconfirmed = [{ connectionId: 'c-1', nonce: 'o.1', since: 0 }];

function asking(kind: Question['kind'], over: Partial<Notice> = {}): Notice {
  const scopes = { granted: ['read'], missing: ['write'] };
  return noticeOf({ ...over, question: { ...question, kind, ...(kind === 'connect' ? {} : { scopes }) } });
}

/** Somebody has said that it was not the owner who connected. */
function refusedOf(kind: Question['kind']): OperatorNotice {
  const refused = unconfirmed.map((one) => ({ ...one, refusedBy: 'Ann' }));
  return questionNoticeOf({ occasion: 'ownerRefused', question: { ...question, kind, unconfirmed: refused } });
}

const PERSONS: Notice[] = [
  asking('connect'),
  asking('connect', { reason: 'reminder', reminders: 1 }),
  asking('reconnect'),
  asking('approve-scopes'),
  asking('recreate-connection'),
  noticeOf({ reason: 'accountChanged', question: { ...question, kind: 'reconnect', accountChange } }),
  noticeOf({ reason: 'reminder', question: { ...question, unconfirmed } }),
];

const OPERATORS: OperatorNotice[] = [
  questionNoticeOf(),
  questionNoticeOf({ occasion: 'reminder' }),
  questionNoticeOf({ question: { ...asking('update-integration-scopes').question } }),
  questionNoticeOf({ question: { ...question, kind: 'reconnect', accountChange } }),
  refusedOf('connect'),
  refusedOf('reconnect'),
  setUpNotice,
  outageNotice,
];

/** Every text of the catalogue, marked: what has no mark was written elsewhere. */
const MARKED = Object.fromEntries(
  Object.entries(ENGLISH_NOTICES).map(([name, text]) => [name, marked(text)]),
) as unknown as NoticeTexts;

function marked(text: unknown): unknown {
  if (typeof text === 'string') return `‡${text}`;
  if (typeof text !== 'function') throw new Error('A text is neither a text nor a function');
  return (...args: unknown[]) => {
    const said = (text as (...given: unknown[]) => string | NoticeWords)(...args);
    if (typeof said === 'string') return `‡${said}`;
    const { subject, paragraphs, action } = said;
    return { subject: `‡${subject}`, paragraphs: paragraphs.map((one) => `‡${one}`), action: `‡${action}` };
  };
}

test('every text of every message can be replaced', () => {
  const messages = [
    ...PERSONS.map((notice) => personMessage(notice, LINK, MARKED)),
    ...OPERATORS.map((notice) => operatorMessage(notice, MARKED)),
  ];
  for (const message of messages) {
    const html = asHtml(message);
    const shown = [message.subject, message.lang, ...plainText(message, MARKED).trim().split(/\n+/)];
    const elements = [...html.matchAll(/>([^<>]*\p{L}[^<>]*)</gu)].map(([, text]) => text!.trim());
    expect(elements.length).toBeGreaterThan(1);
    for (const text of [...shown, ...elements]) if (!text.startsWith('https://')) expect(text).toMatch(/^‡/);
  }
});

test('each is used by one of them', () => {
  const said = (texts: Partial<NoticeTexts>) =>
    JSON.stringify([
      ...PERSONS.map((notice) => [
        personMessage(notice, LINK, texts),
        plainText(personMessage(notice, LINK, texts), texts),
      ]),
      ...OPERATORS.map((notice) => operatorMessage(notice, texts)),
    ]);
  const names = Object.keys(ENGLISH_NOTICES) as (keyof NoticeTexts)[];
  expect(names.filter((name) => said({ [name]: MARKED[name] }) === said({}))).toEqual([]);
});

test.each([
  [asking('connect'), 'Please connect hubspot'],
  [asking('connect', { reason: 'reminder' }), 'Reminder: Please connect hubspot'],
  [asking('reconnect'), 'Please connect hubspot again'],
  [asking('approve-scopes'), 'Please grant more access to hubspot'],
  [asking('recreate-connection'), 'Please connect hubspot anew'],
  [PERSONS[5]!, 'Another hubspot account was connected'],
])('a person is told what to do', (notice, subject) => {
  expect(personMessage(notice, LINK, {})).toMatchObject({ subject, link: { url: LINK } });
});

test('whoever has connected is reminded to say so, until it is refused', () => {
  const of = (refusedBy?: string) =>
    noticeOf({ question: { ...question, unconfirmed: unconfirmed.map((one) => ({ ...one, refusedBy })) } });
  expect(personMessage(of(), LINK, {}).paragraphs.join()).toContain('not confirmed');
  expect(personMessage(of('Ann'), LINK, {}).paragraphs.join()).not.toContain('not confirmed');
});

test('an operator is told which connection was refused, and by whom', () => {
  const { subject, paragraphs } = operatorMessage(refusedOf('reconnect'), {});
  expect(subject).toBe('Somebody else has connected hubspot');
  expect(paragraphs.join()).toMatch(/c-1, refused by Ann\..*belongs to somebody else/);
});

test('one text is replaced, the others stay', () => {
  const texts: Partial<NoticeTexts> = {
    connect: ({ integration }) => ({ subject: `Bitte ${integration} verbinden`, paragraphs: [], action: 'Verbinden' }),
  };
  expect(personMessage(asking('connect'), LINK, texts)).toMatchObject({
    subject: 'Bitte hubspot verbinden',
    link: { label: 'Verbinden' },
    paragraphs: [ENGLISH_NOTICES.deadline(question.deadline), ENGLISH_NOTICES.linkHint],
  });
  expect(personMessage(asking('reconnect'), LINK, texts).subject).toBe('Please connect hubspot again');
});

test('a name never moves what stands around it', () => {
  const texts: Partial<NoticeTexts> = {
    connect: ({ owner }) => ({ subject: `${owner.endUser?.displayName}`, paragraphs: ['a\nb'], action: 'x' }),
  };
  const owner = { endUser: { id: 'u', displayName: 'A\u202eB\r\nC\u200b' } };
  const message = personMessage(asking('connect', { owner }), undefined, texts);
  expect(message.subject).toBe('A B  C ');
  expect(message.paragraphs[0]).toBe('a\ufffdb');
  expect(message.link).toBeUndefined();
});

test('a page shows names as text', () => {
  const html = asHtml({
    subject: '<s>',
    paragraphs: ['<p>&"'],
    link: { label: '<b>', url: 'https://x/"onclick=' },
    lang: '"',
  });
  expect(html).not.toMatch(/<s>|<b>|"onclick/);
  expect(html).toContain('&lt;p&gt;&amp;&quot;');
});
