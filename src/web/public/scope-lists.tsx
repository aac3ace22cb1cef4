import type { Child } from 'hono/jsx';
import { Foreign } from '../foreign';
import { CONNECT } from '../texts';

const { scopes: words } = CONNECT;

/** Of more a page would be read by nobody; the provider's own page lists them all. */
const MAX_LISTED = 20;

/** What a connection is to get, and what it has; of each as much as a person reads. */
export function ScopesOfQuestion({ granted, missing }: { granted: string[]; missing: string[] }): Child {
  return (
    <>
      <HeadedScopes id="missing" heading={words.missing} scopes={missing} />
      <HeadedScopes id="granted" heading={words.granted} scopes={granted} />
    </>
  );
}

/** Scopes below a heading of their own. */
export function HeadedScopes({ id, heading, scopes }: { id: string; heading: string; scopes: string[] }): Child {
  return (
    <section class="scopes" aria-labelledby={id}>
      <h2 id={id}>{heading}</h2>
      {scopes.length === 0 ? <p>{words.none}</p> : <Scopes scopes={scopes} />}
    </section>
  );
}

/** Names of scopes, as their provider writes them. */
export function Scopes({ scopes }: { scopes: string[] }): Child {
  const shown = scopes.slice(0, MAX_LISTED);
  const left = scopes.length - shown.length;
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
