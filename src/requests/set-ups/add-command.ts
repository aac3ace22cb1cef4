import { shellCommand } from '../../dev/shell-command';
import type { SetUpSubject } from '../../contract/types';

/** The command that sets this integration up, and no other. A key may hold spaces, and what a memo holds anybody may have written. */
export function addCommand({ integration, provider }: SetUpSubject): string {
  const key = integration === provider ? [] : ['--integration', integration];
  return shellCommand('temporal-nango', ['integrations', 'add', provider, ...key]);
}
