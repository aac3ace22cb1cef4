import type { NangoActivities } from '../contract/activities';
import { actionActivities } from './actions';
import { connectionActivities } from './connections';
import type { ActivityDependencies } from './context';
import { proxyActivities } from './proxy';
import { requestActivities } from './requests';
import { sweepActivities } from './sweep';

/** All activities of the package, for a worker that holds the key. */
export function createActivities(dependencies: ActivityDependencies): NangoActivities {
  return {
    ...connectionActivities(dependencies),
    ...requestActivities(dependencies),
    ...sweepActivities(dependencies),
    ...proxyActivities(dependencies),
    ...actionActivities(dependencies),
  };
}
