import type { Child } from 'hono/jsx';
import { inboxTexts } from '../texts/current';

/** A command for a terminal, which the script copies. */
export function Command({ command }: { command: string }): Child {
  const { list, detail } = inboxTexts();
  return (
    <p class="command">
      <code>{command}</code>
      <button type="button" data-copy={command} data-copied={detail.copied} hidden>
        {list.copy}
      </button>
    </p>
  );
}
