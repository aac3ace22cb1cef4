import type { Child } from 'hono/jsx';
import type { RequestView } from '../../contract/types';
import { Said } from '../said';
import { publicTexts } from '../texts/current';
import { Facts } from './facts';

interface OwnerQuestionProps {
  view: RequestView;
  /** of the integration */
  name: string;
  /** the request's own address, from the page */
  self: string;
  /** the number of the link that somebody has connected by */
  link: number;
}

/** Asks the browser that has clicked whether it was the person in front of it who connected. */
export function OwnerQuestion({ view, name, self, link }: OwnerQuestionProps): Child {
  const { title, text, yesMeans, noMeans, yes, no } = publicTexts().owner;
  return (
    <>
      <h1>
        <Said text={title(name)} />
      </h1>
      <p>{text}</p>
      <ul>
        <li>{yesMeans}</li>
        <li>{noMeans}</li>
      </ul>
      <form method="post" action={self} class="actions">
        <input type="hidden" name="link" value={link} />
        <button id="confirm" class="primary" name="do" value="confirm">
          {yes}
        </button>
        <button id="refuse" name="do" value="refuse">
          {no}
        </button>
      </form>
      <Facts view={view} name={name} />
    </>
  );
}
