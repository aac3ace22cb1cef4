import type { Child } from 'hono/jsx';
import type { RequestView } from '../../contract/types';
import { Foreign, foreign, Said } from '../foreign';
import { CONNECT } from '../texts';
import { When } from '../when';
import { Scopes } from './scope-lists';

/** Who asks for what, for whom, with which permissions, until when. @param name of the integration */
export function Facts({ view, name, app }: { view: RequestView; name: string; app?: string }): Child {
  const { owner, slot, scopes, question } = view;
  const { endUser, organization } = owner;
  const whom = [endUser && (endUser.displayName ?? endUser.id), organization?.id].filter((one) => one !== undefined);
  const shown: [string, Child][] = [
    [CONNECT.facts.app, app && <Foreign text={app} />],
    [CONNECT.facts.integration, <Foreign text={name} />],
    [CONNECT.facts.owner, whom.length === 0 ? undefined : <Said text={whom.map(foreign).join(', ')} />],
    [CONNECT.facts.slot, slot && <Foreign text={slot} />],
    // Where more is to be granted, the page says what, and what there is.
    [CONNECT.facts.scopes, question?.kind !== 'approve-scopes' && <Permissions scopes={scopes} name={name} />],
    [CONNECT.facts.deadline, question && <When at={question.deadline} />],
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

function Permissions({ scopes, name }: { scopes?: string[]; name: string }): Child {
  return scopes === undefined ? <Said text={CONNECT.defaultScopes(name)} /> : <Scopes scopes={scopes} />;
}
