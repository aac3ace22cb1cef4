import type { Child } from 'hono/jsx';
import type { Candidate } from '../../contract/types';
import { Foreign, Said } from '../said';
import { inboxTexts } from '../texts/current';
import { When } from '../when';
import { scopesIn } from './words';

/** Which of several connections is meant: what tells them apart, and the form. @param here the way to the request's page */
export function Choice({ candidates, here }: { candidates: Candidate[]; here: string }): Child {
  const { choice } = inboxTexts();
  return (
    <form class="card warning" method="post" action={`${here}/choose`}>
      <fieldset class="choices">
        <legend>{choice.title}</legend>
        <p>{choice.explained}</p>
        {candidates.map((candidate, at) => (
          <div>
            <input
              type="radio"
              id={`candidate-${at}`}
              name="connection"
              value={candidate.connectionId}
              aria-describedby={`candidate-${at}-facts`}
              required
            />
            <label for={`candidate-${at}`}>
              <Foreign text={candidate.connectionId} />
            </label>
            <p class="quiet" id={`candidate-${at}-facts`}>
              <Facts candidate={candidate} />
            </p>
          </div>
        ))}
      </fieldset>
      <button id="choose" class="primary">
        {choice.submit}
      </button>
    </form>
  );
}

function Facts({ candidate: { createdAt, account, health, tags, grantedScopes } }: { candidate: Candidate }): Child {
  const { choice } = inboxTexts();
  const facts = [
    account !== undefined && choice.account(account),
    health === 'failing' && choice.failing,
    ...Object.entries(tags).map(([key, value]) => choice.tag(key, value)),
    grantedScopes !== undefined && choice.granted(scopesIn(grantedScopes)),
  ].filter((fact) => fact !== false);
  const made = new Date(createdAt);
  return (
    <>
      {choice.made} {Number.isNaN(made.getTime()) ? <Foreign text={createdAt} /> : <When at={made} />}
      {facts.map((fact) => (
        <Said text={`, ${fact}`} />
      ))}
    </>
  );
}
