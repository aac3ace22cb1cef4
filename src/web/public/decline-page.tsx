import type { Child } from 'hono/jsx';
import { Said } from '../foreign';
import { CONNECT } from '../texts';
import { Frame } from './frame';

/** Asks once more. @param self the request's own address, from the page */
export function DeclinePage({ root, self, name }: { root: string; self: string; name: string }): Child {
  const { title, text, yes, no } = CONNECT.confirm;
  return (
    <Frame title={title(name)} root={root}>
      <h1>
        <Said text={title(name)} />
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
