import type { Notice, OutageNotice, QuestionNotice, SetUpNotice } from '../contract/types';

/** What a message says, as plain text: whatever shows it escapes it. */
export interface NoticeWords {
  /** one line */
  subject: string;
  /** one line each */
  paragraphs: string[];
  /** of the button that leads to the page, where there is one */
  action: string;
}

/**
 * Every text of a message, by what it is about. Names in a notice are safe to show: nothing in them moves the cursor, ends
 * a line or turns the direction. A translation is of this type, so that the compiler finds what is missing.
 */
export interface NoticeTexts {
  /** the language, as HTML names it, such as `en` */
  lang: string;
  /** to a person: an account is to be connected */
  connect: (notice: Notice) => NoticeWords;
  /** to a person: an account is to be connected anew */
  reconnect: (notice: Notice) => NoticeWords;
  /** to a person: more access is to be granted */
  approveScopes: (notice: Notice) => NoticeWords;
  /** to a person: a new connection is to be made, in whose favour the old one is deleted */
  recreateConnection: (notice: Notice) => NoticeWords;
  /** to a person: another account was connected than before */
  accountChanged: (notice: Notice, accounts: { recorded: string; found: string }) => NoticeWords;
  /** to an operator: which of several connections is meant */
  chooseConnection: (notice: QuestionNotice) => NoticeWords;
  /** to an operator: the integration has to request more scopes */
  updateIntegrationScopes: (notice: QuestionNotice) => NoticeWords;
  /** to an operator: whether another account may be written to */
  confirmAccount: (notice: QuestionNotice, accounts: { recorded: string; found: string }) => NoticeWords;
  /** to an operator: somebody has said that it was not the owner who connected */
  ownerRefused: (notice: QuestionNotice) => NoticeWords;
  /** to an operator: an integration has to be set up */
  setUp: (notice: SetUpNotice) => NoticeWords;
  /** to an operator: a provider seems to be down */
  outage: (notice: OutageNotice) => NoticeWords;
  /** one more line to a person: an account was connected by a link of theirs, and it is not confirmed that it was they */
  unconfirmed: (notice: Notice) => string;
  /** the subject of a reminder. @param subject of the first message */
  reminder: (subject: string) => string;
  /** how long there is time. @param at in milliseconds since the epoch */
  deadline: (at: number) => string;
  /** what a person has to know who is sent a link */
  linkHint: string;
  /** before an address that is no button */
  link: (action: string) => string;
}

/** The texts of notices in English, which are the default. */
export const ENGLISH_NOTICES: NoticeTexts = {
  lang: 'en',
  connect: ({ integration }) => ({
    subject: `Please connect ${integration}`,
    paragraphs: [`You are asked to connect ${integration}. What waits for it goes on by itself once it is connected.`],
    action: `Connect ${integration}`,
  }),
  reconnect: ({ integration }) => ({
    subject: `Please connect ${integration} again`,
    paragraphs: [
      `Your connection of ${integration} no longer works, or has to be made anew. Sign in with the same account as before.`,
    ],
    action: `Connect ${integration} again`,
  }),
  approveScopes: ({ integration, question }) => ({
    subject: `Please grant more access to ${integration}`,
    paragraphs: [
      `Your connection of ${integration} lacks permissions. Sign in with the same account as before, and agree to what is added.`,
      ...missing(question),
    ],
    action: 'Grant more access',
  }),
  recreateConnection: ({ integration, question }) => ({
    subject: `Please connect ${integration} anew`,
    paragraphs: [
      `Permissions cannot be added to your connection of ${integration}. A new one takes its place: sign in with the same account as before.`,
      ...missing(question),
    ],
    action: `Connect ${integration} anew`,
  }),
  accountChanged: ({ integration }, { recorded, found }) => ({
    subject: `Another ${integration} account was connected`,
    paragraphs: [
      `Before it was ${recorded}, now it is ${found}. Somebody has to agree before it is used.`,
      `If that was a mistake, connect again as ${recorded}.`,
    ],
    action: `Connect ${integration} again`,
  }),
  chooseConnection: ({ integration, question, ...notice }) => ({
    subject: `Which ${integration} connection is meant?`,
    paragraphs: [
      `Several connections of ${whose(notice)} fit (${question.candidates?.length ?? 0}), and nothing says which is meant. What waits goes on with the one that you choose.`,
    ],
    action: 'Choose one',
  }),
  updateIntegrationScopes: ({ integration, question, ...notice }) => ({
    subject: `${integration} has to request more scopes`,
    paragraphs: [
      `A connection of ${whose(notice)} lacks scopes, and to sign in again has not added them: the integration ${integration} has to request them.`,
      ...missing(question),
    ],
    action: 'Decide',
  }),
  confirmAccount: ({ integration, ...notice }, { recorded, found }) => ({
    subject: `May another ${integration} account be written to?`,
    paragraphs: [
      `The connection of ${whose(notice)} was of the account ${recorded}. Since it was connected anew it is of ${found}. Until somebody says yes, nothing is written to it.`,
    ],
    action: 'Decide',
  }),
  setUp: ({ integration, provider }) => ({
    subject: `The integration ${integration} has to be set up`,
    paragraphs: [`Something waits for the integration ${integration} (${provider}), which is not set up at Nango.`],
    action: 'Set it up',
  }),
  outage: ({ integration, failing, since }) => ({
    subject: `${integration} seems to be down`,
    paragraphs: [
      `${failing} of its connections have failed since ${utc(since)}. Nobody is asked to connect anew until it is over.`,
    ],
    action: 'Look at it',
  }),
  ownerRefused: ({ integration, question, ...notice }) => ({
    subject: `Somebody else has connected ${integration}`,
    paragraphs: [
      `An account was connected in the place of ${whose(notice)}, and it is said that it was not theirs. Nothing goes through that connection.`,
      ...refused(question),
      question.kind === 'connect'
        ? 'Delete it at Nango, or leave it: nothing uses it.'
        : 'What was in use before now belongs to somebody else. Have its owner connect again, or disconnect it.',
    ],
    action: 'Look at it',
  }),
  unconfirmed: ({ integration }) =>
    `An account of ${integration} was connected already, but not confirmed: if it was you, open the page and say so.`,
  reminder: (subject) => `Reminder: ${subject}`,
  deadline: (at) => `There is time until ${utc(at)}.`,
  linkHint: 'The link is for you: whoever has it can connect an account. Do not pass it on.',
  link: (action) => `${action}:`,
};

function whose({ owner }: Pick<QuestionNotice, 'owner'>): string {
  return owner.endUser?.displayName ?? owner.endUser?.id ?? owner.organization?.id ?? 'nobody in particular';
}

function missing({ scopes }: Notice['question']): string[] {
  return scopes === undefined || scopes.missing.length === 0 ? [] : [`What is missing: ${scopes.missing.join(', ')}.`];
}

function refused({ unconfirmed = [] }: Notice['question']): string[] {
  const all = unconfirmed.filter(({ refusedBy }) => refusedBy !== undefined);
  return all.map(({ connectionId, refusedBy }) => `Connection ${connectionId}, refused by ${refusedBy}.`);
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
