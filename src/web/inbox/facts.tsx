import type { Child } from 'hono/jsx';
import { TAG } from '../../contract/names';
import type { RequestDescription } from '../../requests/description';
import { Foreign, Said } from '../foreign';
import { INBOX } from '../texts';
import { When } from '../when';
import { questionKindOf, waitingSince } from './filter';
import { Deadline } from './list';
import { durationOf, scopesIn, whoOf } from './words';

const { detail } = INBOX;

/** What is known of a request; what does not apply is left out. */
export function Facts({ description, now }: { description: RequestDescription; now: number }): Child {
  const { ref, view, startedAt, closedAt, connection } = description;
  const { owner, question, coolDownUntil } = view;
  const kind = questionKindOf(view);
  const isOpen = closedAt === undefined;
  const granted = question?.scopes?.granted ?? connection?.grantedScopes;
  return (
    <dl class="about">
      <Fact name={detail.status}>{INBOX.status[view.status]}</Fact>
      <Fact name={detail.who}>
        <Said text={whoOf(owner)} />
      </Fact>
      <Fact name={detail.email}>{foreignOf(owner.endUser?.email)}</Fact>
      <Fact name={detail.integration}>
        <Said text={INBOX.integration(view.integration, view.slot)} />
      </Fact>
      <Fact name={detail.since}>{kind && INBOX.questions[kind]}</Fact>
      <Fact name={detail.waiting}>{isOpen && durationOf(now - waitingSince({ question, startedAt }))}</Fact>
      <Fact name={detail.deadline}>{question && <Deadline at={question.deadline} now={now} />}</Fact>
      <Fact name={detail.reminders}>{view.reminders}</Fact>
      <Fact name={detail.subscribers}>{isOpen && String(view.subscribers)}</Fact>
      <Fact name={detail.extras}>{view.extras > 0 && view.extras}</Fact>
      <Fact name={detail.unwritten}>{view.unwritten && detail.notAllowed(view.unwritten)}</Fact>
      <Fact name={detail.scopes}>{scopesOf(view.scopes)}</Fact>
      <Fact name={detail.granted}>
        {connection?.scopesChecked === false ? detail.unknownScopes : scopesOf(granted)}
      </Fact>
      <Fact name={detail.missing}>{question?.kind === 'approve-scopes' && scopesOf(question.scopes?.missing)}</Fact>
      <Fact name={detail.notGranted}>{scopesOf(view.missingScopes)}</Fact>
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

function scopesOf(scopes?: string[]): Child {
  return scopes && <Said text={scopesIn(scopes)} />;
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
