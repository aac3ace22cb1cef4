import type { NangoConfig } from '../../config';
import { findNangoFailure } from '../../contract/errors';
import type { Question } from '../../contract/types';
import type { ConnectionRequest } from '../../requests/connection-request';

/** What to send to the person who is asked. */
export interface RequestLink {
  url?: string;
  /** ISO 8601; absent: it stays good until the request ends */
  expiresAt?: string;
  /** why there is none, and what to set */
  missing?: string;
}

/**
 * The permanent link of a request; where the settings for it are missing, a link made now; and where there is no key to
 * make one with, none.
 *
 * @param recreate whether the owner has agreed to the deletion of the old connection: the page of a permanent link asks them
 */
export async function requestLink(
  request: ConnectionRequest,
  config: NangoConfig,
  question: Question | undefined,
  recreate: boolean,
): Promise<RequestLink> {
  const { linkKeys, publicUrl, secretKey, connectKey } = config;
  if (linkKeys.length > 0 && publicUrl !== undefined) return { url: request.permanentLink() };
  if (secretKey === undefined && connectKey === undefined) return { missing: MISSING };
  if (question?.kind === 'recreate-connection' && !recreate) return { missing: `${DELETES} ${AGREES}` };
  try {
    const { connectLink, expiresAt } = await request.connectSession({ recreate });
    return { url: connectLink, expiresAt };
  } catch (error) {
    // The request stands; that it can take no further link just now does not change that.
    const failure = findNangoFailure(error);
    if (failure === undefined) throw error;
    return { missing: failure.message };
  }
}

/** Said with every link to make a connection anew. */
export const DELETES = 'The old connection is deleted once the new one is there.';
const AGREES =
  'Tell the owner, and add --recreate once they have said yes; or set TEMPORAL_NANGO_LINK_KEYS and TEMPORAL_NANGO_PUBLIC_URL, for a link to a page that asks them.';
const MISSING =
  'Set TEMPORAL_NANGO_LINK_KEYS and TEMPORAL_NANGO_PUBLIC_URL for a link that lasts, or NANGO_CONNECT_KEY for one of 30 minutes.';
