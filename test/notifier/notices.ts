import { nangoFailure } from '../../src/contract/errors';
import type { Notice, OutageNotice, QuestionNotice, SetUpNotice } from '../../src/contract/types';
import type { ConnectionRequest } from '../../src/requests/connection-request';

/** Of 32 bytes. */
export const SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;

export const LINK = 'https://app.example.com/connect/1.abc.def.ghi';

/** Whose link is a permanent one. */
export const request = { permanentLink: () => LINK } as unknown as ConnectionRequest;

/** Of a worker without link keys. */
export const unlinked = {
  permanentLink() {
    throw nangoFailure('Nango.Misconfigured', { field: 'TEMPORAL_NANGO_LINK_KEYS' });
  },
} as unknown as ConnectionRequest;

export function noticeOf(over: Partial<Notice> = {}): Notice {
  return {
    reason: 'opened',
    request: { id: 'nango/default/hubspot/u:u_42', firstExecutionRunId: 'run-1' },
    integration: 'hubspot',
    owner: { endUser: { id: 'u_42', email: 'ann@example.com', displayName: 'Ann Example' } },
    question: { kind: 'connect', since: Date.UTC(2026, 10, 29, 14), deadline: Date.UTC(2026, 11, 29, 14) },
    reminders: 0,
    ...over,
  };
}

export function questionNoticeOf(over: Partial<QuestionNotice> = {}): QuestionNotice {
  const { question } = noticeOf();
  return {
    ...noticeOf(),
    ...{ reason: 'question', occasion: 'opened', page: 'https://ops.example.com/inbox/requests/x' },
    question: { ...question, kind: 'choose-connection', candidates: [] },
    ...over,
  };
}

export const setUpNotice: SetUpNotice = {
  reason: 'reminder',
  setUp: { id: 'nango-integration/default/notes', firstExecutionRunId: 'run-2' },
  integration: 'notes',
  provider: 'notes-app',
  question: { since: 0, deadline: Date.UTC(2026, 11, 29, 14), authMode: 'OAUTH2', choices: ['made'] },
  reminders: 1,
  page: 'https://ops.example.com/inbox/set-ups/x',
} as unknown as SetUpNotice;

export const outageNotice: OutageNotice = { reason: 'outage', integration: 'hubspot', failing: 7, since: 0 };

/** Nobody has ended what it is about. */
export const going = (): AbortSignal => new AbortController().signal;
