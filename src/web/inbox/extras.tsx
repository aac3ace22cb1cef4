import type { Client } from '@temporalio/client';
import type { Child } from 'hono/jsx';
import type { NangoConnections } from '../../client';
import { findNangoFailure } from '../../contract/errors';
import { TAG } from '../../contract/names';
import { ownerOf } from '../../contract/rules/tags';
import type { Connection, RequestView } from '../../contract/types';
import { Foreign, Said } from '../said';
import { inboxTexts } from '../texts/current';
import { When } from '../when';

const WITHIN_MS = 5_000;

/** @returns those of the request's owner, integration and slot; nothing if the worker does not tell within 5 seconds */
export async function findExtras(
  client: Client,
  connections: NangoConnections,
  { integration, owner, slot }: RequestView,
): Promise<Connection[] | undefined> {
  try {
    const wanted = { integration, endUser: owner.endUser, organization: owner.organization };
    const all = await client.withDeadline(Date.now() + WITHIN_MS, () => connections.extras(wanted));
    // A request of nobody in particular would be given everybody's.
    return all.filter(({ tags }) => {
      const { endUser, organization } = ownerOf(tags);
      const isOwners = endUser?.id === owner.endUser?.id && organization?.id === owner.organization?.id;
      return isOwners && tags[TAG.slot] === slot;
    });
  } catch (error) {
    if (findNangoFailure(error) !== undefined) return undefined;
    throw error;
  }
}

/** The extra connections, each with the way to delete it. @param here the way to the request's page */
export function Extras({ extras, here }: { extras: Connection[] | undefined; here: string }): Child {
  const { extras: texts } = inboxTexts();
  if (extras === undefined) return <p role="alert">{texts.unavailable}</p>;
  if (extras.length === 0) return <p>{texts.none}</p>;
  return (
    <table class="cards">
      <caption>{texts.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.connection}</th>
          <th scope="col">{texts.account}</th>
          <th scope="col">{texts.made}</th>
          <th scope="col">{texts.action}</th>
        </tr>
      </thead>
      <tbody>
        {extras.map(({ connectionId, tags, createdAt }) => (
          <tr>
            <th scope="row">
              <Foreign text={connectionId} />
            </th>
            <td data-label={texts.account}>
              <Account of={tags[TAG.account]} />
            </td>
            <td data-label={texts.made}>
              <When at={new Date(createdAt)} />
            </td>
            <td>
              <a href={`${here}/extras/delete?connection=${encodeURIComponent(connectionId)}`}>
                <Said text={texts.delete(connectionId)} />
              </a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Account({ of }: { of?: string }): Child {
  const { extras: texts } = inboxTexts();
  return of === undefined ? texts.unknown : <Foreign text={of} />;
}
