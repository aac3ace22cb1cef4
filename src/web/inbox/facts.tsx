import type { Child } from 'hono/jsx';
import { TAG } from '../../contract/names';
import type { RequestDescription } from '../../requests/description';
import { Foreign, Said } from '../said';
import { inboxTexts } from '../texts/current';
import { When } from '../when';
import { Deadline } from './deadline';
import { scopesIn } from './words';

/** What is known of a request beside its headline; what does not apply is left out. */
export function Facts({ description, now }: { description: RequestDescription; now: number }): Child {
  const { detail } = inboxTexts();
  const { ref, view, startedAt, closedAt, connection } = description;
  const { owner, question, coolDownUntil } = view;
  const isOpen = closedAt === undefined;
  const granted = question?.scopes?.granted ?? connection?.grantedScopes;
  const { more = {} } = question?.scopes ?? {};
  return (
    <dl class="about card">
      <Fact name={detail.email}>{foreignOf(owner.endUser?.email)}</Fact>
      <Fact name={detail.integration}>
        <Foreign text={view.integration} />
      </Fact>
      <Fact name={detail.deadline}>{question && <Deadline at={question.deadline} now={now} />}</Fact>
      <Fact name={detail.reminders}>{view.reminders}</Fact>
      <Fact name={detail.subscribers}>{isOpen && String(view.subscribers)}</Fact>
      <Fact name={detail.extras}>{view.extras > 0 && view.extras}</Fact>
      <Fact name={detail.unwritten}>{view.unwritten && detail.notAllowed(view.unwritten)}</Fact>
      <Fact name={detail.notRemembered}>{view.notRemembered && detail.whyNotRemembered[view.notRemembered]}</Fact>
      <Fact name={detail.scopes}>{scopesOf(view.scopes, view.moreScopes)}</Fact>
      <Fact name={detail.granted}>
        {connection?.scopesChecked === false ? detail.unknownScopes : scopesOf(granted, more.granted)}
      </Fact>
      <Fact name={detail.missing}>
        {question?.kind !== 'reconnect' && scopesOf(question?.scopes?.missing, more.missing)}
      </Fact>
      <Fact name={detail.toRequest}>{scopesOf(question?.scopes?.toRequest, more.toRequest)}</Fact>
      <Fact name={detail.notGranted}>{scopesOf(view.missingScopes, view.moreMissingScopes)}</Fact>
      <Fact name={detail.started}>
        <When at={startedAt} />
      </Fact>
      <Fact name={detail.ended}>{closedAt && <When at={closedAt} />}</Fact>
      <Fact name={detail.connection}>{foreignOf(connection?.connectionId)}</Fact>
      <Fact name={detail.account}>{foreignOf(connection?.tags[TAG.account])}</Fact>
      <Fact name={detail.coolDown}>{coolDownUntil !== undefined && <When at={coolDownUntil} />}</Fact>
      <Fact name={detail.id}>
        <code>{foreignOf(ref.id)}</code>
      </Fact>
    </dl>
  );
}

function scopesOf(scopes?: string[], more?: number): Child {
  return scopes && <Said text={scopesIn(scopes, more)} />;
}

function foreignOf(text?: string): Child {
  return text && <Foreign text={text} />;
}

function Fact({ name, children }: { name: string; children?: Child }): Child {
  if (children === undefined || children === false || children === null) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
