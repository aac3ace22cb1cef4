import type { ConnectionRef } from '../../../src/contract/types';
import type { ConnectionRequest } from '../../../src/requests/connection-request';
import { call } from '../../support/user-workflows';
import { eventually } from '../../support/eventually';
import { failureOf } from '../../support/world';
import type { World } from '../../support/world';
import { connectThere } from '../stage';
import type { Stage } from '../stage';
import type { Play } from './play';
import { passesOn, STRANGER } from './stories';
import type { Story } from './stories';

/** Whose tokens a call went out with, or why it did not. */
export type Went = string;

let owners = 0;

/** Somebody's connection is in use, and is to be connected anew, or with more scopes. */
export async function openAnew(stage: Stage, why: 'reconnect' | 'scopes'): Promise<ConnectionRequest> {
  const { world } = stage;
  const id = `owner_${++owners}`;
  const connectionId = `c-${id}`;
  world.nango.addConnection({ integration: 'hubspot', connectionId, tags: { end_user_id: id }, grant: ['read'] });
  const wanted = why === 'reconnect' ? { reconnect: connectionId, scopes: undefined } : { scopes: ['read', 'write'] };
  const request = await stage.openRequest({ endUser: { id }, ...wanted });
  await eventually(async () => ((await request.describe())?.view.status === 'waiting' ? true : undefined));
  return request;
}

/** Of a connection that was in use, by calls before anybody has said yes and after. */
export const anew = (world: World): Story<Went> =>
  async function* (play) {
    const ref = { integration: 'hubspot', connectionId: `c-${play.owner}` };
    const { owner } = await passesOn(play);
    yield ["a read, after a stranger has connected by Nango's link that was passed on", await goes(world, ref, play)];
    yield ['a write, then', await goes(world, ref, play, 'POST')];
    await play.says(owner, 'no');
    yield ['a read, after the owner has said no', await goes(world, ref, play)];
    await connectsAgain(play, owner);
    yield ['a read, after the owner has then connected, and not yet said yes', await goes(world, ref, play)];
    await play.says(owner, 'yes');
    await play.verdict();
    yield ['a read, after the owner has said yes', await goes(world, ref, play)];
  };

/** Where the stranger has been taken for the owner there is nothing left to click. */
async function connectsAgain(play: Play, owner: Parameters<Play['opens']>[0]): Promise<void> {
  await play.opens(owner);
  if ((await owner.getByRole('button').count()) === 0) return;
  const nangos = await play.clicks(owner);
  await connectThere(nangos!, play.owner);
  await play.noticed();
}

async function goes(world: World, ref: ConnectionRef, play: Play, method: 'GET' | 'POST' = 'GET'): Promise<Went> {
  const sent = world.execute(call, ref, { method, endpoint: '/whose' });
  try {
    const { data } = (await sent) as { data: { as: string } };
    return { [play.owner]: "with the owner's tokens", [STRANGER]: "with the stranger's" }[data.as] ?? data.as;
  } catch {
    return `\`${(await failureOf(sent)).type}\``;
  }
}
