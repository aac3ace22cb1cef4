import type { Child } from 'hono/jsx';
import type { IntegrationFace } from '../logos/integration-faces';
import { Said } from '../said';
import { publicTexts } from '../texts/current';
import type { PersonsQuestion } from '../texts/public';
import { Frame } from './frame';

export interface DeclinePageProps {
  root: string;
  /** the request's own address, from the page */
  self: string;
  face: IntegrationFace;
  /** what is declined */
  kind?: PersonsQuestion;
}

/** Asks once more. */
export function DeclinePage({ root, self, face, kind = 'connect' }: DeclinePageProps): Child {
  const { name } = face;
  const { title, text, yes, no } = publicTexts().confirm;
  return (
    <Frame title={title(name, kind)} root={root} face={face}>
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
