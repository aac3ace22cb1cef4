import type { Notice } from '../../src/contract/types';
import { lineNotifier } from '../../src/notifier';
import type { Notifier } from '../../src/notifier';

test.each<[Notice['question']['kind'], string]>([
  ['connect', 'waiting for u_42 to connect hubspot since'],
  ['reconnect', 'waiting for u_42 to connect hubspot anew since'],
  ['approve-scopes', 'waiting for u_42 to grant hubspot more scopes since'],
  ['choose-connection', 'waiting for u_42 to have one of several hubspot connections chosen since'],
])('the line of a notice says what is asked: %s', (kind, said) => {
  const lines: string[] = [];
  const notice: Notice = {
    reason: 'opened',
    request: { id: 'x', firstExecutionRunId: 'r' },
    integration: 'hubspot',
    owner: { endUser: { id: 'u_42' } },
    question: { kind, since: 0, deadline: 1 },
    reminders: 0,
  };
  void lineNotifier((line) => lines.push(line))(...([notice] as unknown as Parameters<Notifier>));
  expect(lines).toEqual([expect.stringContaining(said)]);
});
