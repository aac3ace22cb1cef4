import type { SetUpSubject } from '../../contract/types';

/** The command that sets this integration up, and no other, as a shell takes it. */
export function addCommand({ integration, provider }: SetUpSubject): string {
  const key = integration === provider ? '' : ` --integration ${shellWord(integration)}`;
  return `temporal-nango integrations add ${shellWord(provider)}${key}`;
}

/** A key may hold spaces; what a memo holds, anybody may have written. */
export function shellWord(text: string): string {
  return /^[\w:.@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
