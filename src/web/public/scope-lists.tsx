import type { Child } from 'hono/jsx';
import type { Question } from '../../contract/types';
import { Foreign } from '../said';
import { publicTexts } from '../texts/current';

/** Of more a page would be read by nobody; the provider's own page lists them all. */
const MAX_LISTED = 20;

/** What a connection is to get, and what it has; of each as much as a person reads. */
export function ScopesOfQuestion({ granted, missing, more = {} }: NonNullable<Question['scopes']>): Child {
  const { scopes: words } = publicTexts();
  return (
    <>
      <HeadedScopes id="missing" heading={words.missing} scopes={missing} more={more.missing} />
      <HeadedScopes id="granted" heading={words.granted} scopes={granted} more={more.granted} />
    </>
  );
}

interface HeadedScopesProps {
  id: string;
  heading: string;
  scopes: string[];
  /** how many there are beside them */
  more?: number;
}

/** Scopes below a heading of their own. */
export function HeadedScopes({ id, heading, scopes, more }: HeadedScopesProps): Child {
  const { scopes: words } = publicTexts();
  return (
    <section class="scopes" aria-labelledby={id}>
      <h2 id={id}>{heading}</h2>
      {scopes.length === 0 ? <p>{words.none}</p> : <Scopes scopes={scopes} more={more} />}
    </section>
  );
}

/** Names of scopes, as their provider writes them. */
export function Scopes({ scopes, more = 0 }: { scopes: string[]; more?: number }): Child {
  const { scopes: words } = publicTexts();
  const shown = scopes.slice(0, MAX_LISTED);
  const left = scopes.length - shown.length + more;
  return (
    <ul>
      {shown.map((scope) => (
        <li>
          <code>
            <Foreign text={scope} />
          </code>
        </li>
      ))}
      {left > 0 && <li>{words.more(left)}</li>}
    </ul>
  );
}
