import type { Child } from 'hono/jsx';
import { inboxTexts } from '../texts/current';

/** That nobody does the work, and how to change that. */
export function WorkerWarning({ taskQueue }: { taskQueue: string }): Child {
  const { none, fix, command } = inboxTexts().worker;
  return (
    <div class="card warning">
      <p>
        <strong>{none(taskQueue)}</strong>
      </p>
      <p>
        {fix} <code>{command}</code>
      </p>
    </div>
  );
}
