import type { Child } from 'hono/jsx';
import type { Question } from '../../contract/types';
import { Said } from '../foreign';
import { CONNECT } from '../texts';
import { Frame } from './frame';

export interface DeclinePageProps {
  root: string;
  /** the request's own address, from the page */
  self: string;
  /** of the integration */
  name: string;
  /** what is declined */
  kind?: Question['kind'];
}

/** Asks once more. */
export function DeclinePage({ root, self, name, kind = 'connect' }: DeclinePageProps): Child {
  const { title, text, yes, no } = CONNECT.confirm;
  return (
    <Frame title={title(name, kind)} root={root}>
      <h1>
        <Said text={title(name, kind)} />
      </h1>
      <p>{text}</p>
      <form method="post" action={self} class="actions">
        <button class="primary" name="do" value="decline">
          {yes}
        </button>
        <a class="button" href={self}>
          {no}
        </a>
      </form>
    </Frame>
  );
}
