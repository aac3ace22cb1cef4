import type { Child } from 'hono/jsx';
import type { RequestView } from '../../contract/types';
import { foreign } from '../foreign';
import { Foreign, Said } from '../said';
import { publicTexts } from '../texts/current';
import { When } from '../when';
import { Scopes } from './scope-lists';

/** For whom, with which permissions, until when; who asks for what stands above. @param name of the integration */
export function Facts({ view, name }: { view: RequestView; name: string }): Child {
  const { owner, slot, scopes, moreScopes, question } = view;
  const { endUser, organization } = owner;
  const whom = [endUser && (endUser.displayName ?? endUser.id), organization?.id].filter((one) => one !== undefined);
  const shown: [string, Child][] = [
    [publicTexts().facts.owner, whom.length === 0 ? undefined : <Said text={whom.map(foreign).join(', ')} />],
    [publicTexts().facts.slot, slot && <Foreign text={slot} />],
    // Where more is to be granted, the page says what, and what there is.
    [
      publicTexts().facts.scopes,
      (question?.kind === 'reconnect' || question?.scopes === undefined) && (
        <Permissions scopes={scopes} more={moreScopes} name={name} />
      ),
    ],
    [publicTexts().facts.deadline, question && <When at={question.deadline} />],
  ];
  return (
    <dl class="facts">
      {shown
        .filter(([, value]) => value !== undefined && value !== false)
        .map(([label, value]) => (
          <div>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Permissions({ scopes, more, name }: { scopes?: string[]; more?: number; name: string }): Child {
  if (scopes === undefined) return <Said text={publicTexts().defaultScopes(name)} />;
  return <Scopes scopes={scopes} more={more} />;
}
