import { operatorLineNotifier } from '../../src/notifier';
import type { SetUpNotice } from '../../src';

/** The command that operators are told. */
function commandFor(integration: string, provider = 'hubspot'): string | undefined {
  const lines: string[] = [];
  const notice: SetUpNotice = {
    ...{ reason: 'opened', integration, provider, reminders: 0 },
    setUp: { id: 'nango-integration/default/crm', firstExecutionRunId: 'r' },
    question: { kind: 'set-up-integration', since: 0, deadline: 1, choices: ['made'], fields: [], authMode: 'OAUTH2' },
  };
  void operatorLineNotifier((line) => lines.push(line))(notice, new AbortController().signal);
  return lines[0]?.split('(opened): ')[1];
}

test.each([
  ['hubspot', 'temporal-nango integrations add hubspot'],
  ['crm', 'temporal-nango integrations add hubspot --integration crm'],
  ['our crm', "temporal-nango integrations add hubspot --integration 'our crm'"],
  ['~crm', "temporal-nango integrations add hubspot --integration '~crm'"],
  ["x'; y", String.raw`temporal-nango integrations add hubspot --integration 'x'\''; y'`],
])('operators are told the command that sets up %s, and no other', (integration, command) => {
  expect(commandFor(integration)).toBe(command);
});
