import type { Child } from 'hono/jsx';
import { changesHands } from '../../contract/rules/changes-hands';
import type { Question, RecordedStatement, RequestView, UnconfirmedConnection } from '../../contract/types';
import { Said } from '../said';
import { inboxTexts } from '../texts/current';
import { When } from '../when';

interface UnconfirmedProps {
  question: Question;
  /** the way to the request's page */
  here: string;
}

/** Connections of which nobody has said that it was the owner, and what an operator can say of them. */
export function Unconfirmed({ question, here }: UnconfirmedProps): Child {
  const { owner } = inboxTexts();
  const { unconfirmed = [], confirmed } = question;
  if (confirmed !== undefined) return <Confirmed {...confirmed} />;
  if (unconfirmed.length === 0) return null;
  const anew = changesHands(question);
  const isOpen = unconfirmed.some(({ refusedBy }) => refusedBy === undefined);
  return (
    <section class="card warning" aria-labelledby="owner-title">
      <h3 id="owner-title">{isOpen ? owner.title : owner.refusedTitle}</h3>
      {isOpen && <p>{anew ? owner.explainedAnew : owner.explained}</p>}
      {unconfirmed.map((one) => (
        <One {...one} anew={anew} here={here} />
      ))}
    </section>
  );
}

/** It is being accepted, for as long as that takes: nothing can be said of another meanwhile. */
function Confirmed({ by, at }: RecordedStatement): Child {
  const { owner } = inboxTexts();
  return (
    <section class="card" aria-labelledby="owner-title">
      <h3 id="owner-title">{owner.confirmedTitle}</h3>
      <p>
        <Said text={owner.confirmed(by)} /> <When at={at} />
      </p>
      <p>{owner.confirmedHint}</p>
    </section>
  );
}

function One({ connectionId, nonce, since, refusedBy, usedTwice, ...props }: UnconfirmedConnection & OneProps): Child {
  const { owner } = inboxTexts();
  const { anew, here } = props;
  const named = `?${new URLSearchParams({ link: nonce }).toString()}`;
  return (
    <div class="unconfirmed">
      <p>
        <Said text={owner.connection(connectionId)} /> <When at={since} />
      </p>
      {refusedBy !== undefined && (
        <p class="state-bad">
          <Said text={anew ? owner.strangers(refusedBy) : owner.refused(refusedBy)} />
        </p>
      )}
      {usedTwice && <p>{owner.usedTwice}</p>}
      <div class="actions">
        {!usedTwice && (
          <a class="button" href={`${here}/confirm-owner${named}`}>
            {owner['confirm-owner'].open}
          </a>
        )}
        {refusedBy === undefined ? (
          <a class="button" href={`${here}/refuse-owner${named}`}>
            {owner['refuse-owner'].open}
          </a>
        ) : (
          anew && (
            <a class="button" href={`${here}/disconnect${named}`}>
              {owner.disconnect.open}
            </a>
          )
        )}
      </div>
    </div>
  );
}

interface OneProps {
  /** it was in use before somebody connected it anew */
  anew: boolean;
  here: string;
}

/** @returns what a link has made, if nobody has confirmed it */
export function unconfirmedOf({ question }: RequestView, nonce: string): UnconfirmedConnection | undefined {
  return question?.unconfirmed?.find((one) => one.nonce === nonce);
}

/** @returns whether somebody has connected, and it waits for the owner, or an operator, to say who it was */
export function isUnconfirmed({ question }: RequestView): boolean {
  if (question === undefined || question.confirmed !== undefined) return false;
  return question.unconfirmed?.some(({ refusedBy }) => refusedBy === undefined) ?? false;
}
