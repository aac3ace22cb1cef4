import { randomUUID } from 'node:crypto';
import { NangoPlugin } from '../../../src/plugin';
import { waitFor } from '../user-workflows';
import { INTEGRATION } from './setting';
import type { Stage } from './stage';

export async function keysThatDoNotDo(stage: Stage): Promise<void> {
  const { ledger } = stage;
  const wrong = ledger.secret('wrong secret key', randomUUID());
  const key = ledger.secret('key without scopes', randomUUID());
  stage.world.nango.addKey({ key, scopes: ['environment:proxy'] });
  await Promise.all([
    withKey(stage, wrong, 'wrong-key', 'Nango.Misconfigured'),
    withKey(stage, key, 'poor-key', 'Nango.Forbidden'),
  ]);
}

async function withKey(stage: Stage, secretKey: string, taskQueue: string, end: string): Promise<void> {
  const config = { ...stage.world.config, secretKey };
  const wanted = { integration: INTEGRATION, endUser: { id: 'somebody' }, taskQueue };
  const plugins = [new NangoPlugin({ config: { ...config, taskQueue } })];
  await stage.withWorker({ taskQueue, plugins }, () => stage.ends(waitFor, [wanted], end));
}
