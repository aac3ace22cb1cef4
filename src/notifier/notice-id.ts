import { createHash } from 'node:crypto';
import type { Notice, OperatorNotice } from '../contract/types';

/**
 * Names a notice by what it says, so that a receiver can drop one that it has had: a notifier that failed is called again
 * with the same notice, after an hour, in another process. The 32 characters are of base64url.
 */
export function noticeId(audience: 'person' | 'operator', notice: Notice | OperatorNotice): string {
  // Where the inbox is may be changed in between.
  const said = JSON.stringify([audience, { ...notice, page: undefined }]);
  return createHash('sha256').update(said).digest('base64url').slice(0, 32);
}
