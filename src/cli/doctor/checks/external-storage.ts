import { canOffload, ONE_PROTOBUFJS } from '../../../external-storage';
import { ok } from '../check';
import type { Check, Finding } from '../check';

/** Whether responses over 256 KB could be kept outside of histories. Whether they are is in the code of a worker. */
export const externalStorageCheck: Check = {
  name: 'external storage',
  after: [],
  run: () => externalStorageOf(canOffload()),
};

/** Nobody needs it who has no large responses, so what keeps it from working is no fault. */
export function externalStorageOf(works: boolean): Finding {
  if (works) return ok('A worker can have it, with the packages as they are installed.');
  return ok(`A worker cannot have it, and nothing needs it but responses over 256 KB: ${ONE_PROTOBUFJS}`);
}
