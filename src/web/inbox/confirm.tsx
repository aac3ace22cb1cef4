import type { Child } from 'hono/jsx';
import { Said } from '../said';
import { inboxTexts } from '../texts/current';

interface ConfirmProps {
  title: string;
  /** what will come of it */
  what: string;
  yes: string;
  /** where the answer is posted to */
  action: string;
  /** the way back */
  back: string;
  /** fields to post along */
  fields?: Record<string, string>;
}

/** Asks again, on a page of its own, what cannot be undone. */
export function Confirm({ title, what, yes, action, back, fields = {} }: ConfirmProps): Child {
  return (
    <div class="card prose">
      <h1>{title}</h1>
      <p>
        <Said text={what} />
      </p>
      <form class="actions" method="post" action={action}>
        {Object.entries(fields).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <button class="primary">{yes}</button>
        <a class="button" href={back}>
          {inboxTexts().confirm.keep}
        </a>
      </form>
    </div>
  );
}
