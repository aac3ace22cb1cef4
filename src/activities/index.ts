import type { NangoActivities } from '../contract/activities';
import { actionActivities } from './actions';
import { adoptActivities } from './adopt';
import { connectionActivities } from './connections';
import type { ActivityDependencies } from './context';
import { disconnectActivities } from './disconnect';
import { notifyActivities } from './notify';
import { pageActivities } from './pages';
import { proxyActivities } from './proxy';
import { reconnectActivities } from './reconnect';
import { requestActivities } from './requests';
import { sweepActivities } from './sweep';

/** All activities of the package, for a worker that holds the key. */
export function createActivities(dependencies: ActivityDependencies): NangoActivities {
  return {
    ...connectionActivities(dependencies),
    ...adoptActivities(dependencies),
    ...disconnectActivities(dependencies),
    ...reconnectActivities(dependencies),
    ...requestActivities(dependencies),
    ...sweepActivities(dependencies),
    ...notifyActivities(dependencies),
    ...proxyActivities(dependencies),
    ...pageActivities(dependencies),
    ...actionActivities(dependencies),
  };
}
