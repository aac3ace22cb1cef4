import { MAX_TEMPORAL_NAME_BYTES } from '../../contract/limits';
import { isRequestId, isRunId, isSetUpId } from '../../contract/request-id';
import type { BulkRef, RequestRef, SetUpRef } from '../../contract/types';

/** The request that such a path names. @returns nothing for what is no request of this environment */
export function readRef({ id, run = '' }: { id?: string; run?: string }, environment: string): RequestRef | undefined {
  const decoded = readId(id, environment);
  return decoded !== undefined && isRunId(run) ? { id: decoded, firstExecutionRunId: run } : undefined;
}

/** The same for a path without a run, which is the latest request of its name. An id as it is will do, for addresses by hand. */
export function readId(written = '', environment: string): string | undefined {
  const ids = [written, Buffer.from(written, 'base64url').toString()];
  return ids.find((id) => isRequestId(id, environment));
}

/** The path below which a bulk run is acted upon. */
export function bulkPathOf({ id, firstExecutionRunId }: BulkRef): string {
  return `bulk/${Buffer.from(id).toString('base64url')}/${firstExecutionRunId}`;
}

/** The bulk run that such a path names; users choose ids, so any text can be one. @returns nothing if it cannot name one */
export function readBulkRef({ id: written = '', run = '' }: { id?: string; run?: string }): BulkRef | undefined {
  const decoded = Buffer.from(written, 'base64url');
  const id = decoded.toString();
  // Each id has one path: what decodes to no text, or is written otherwise, is none of ours.
  const isOurs = id !== '' && Buffer.from(id).toString('base64url') === written;
  const isRef = isOurs && decoded.length <= MAX_TEMPORAL_NAME_BYTES && isRunId(run);
  return isRef ? { id, firstExecutionRunId: run } : undefined;
}

/** The set-up that such a path names. @returns nothing for what is no set-up of this environment */
export function readSetUpRef(
  { id: written = '', run = '' }: { id?: string; run?: string },
  environment: string,
): SetUpRef | undefined {
  const id = Buffer.from(written, 'base64url').toString();
  return isSetUpId(id, environment) && isRunId(run) ? { id, firstExecutionRunId: run } : undefined;
}

/** A way below the root to go on to after signing in; anything else leads to the list. */
export function safeWay(to: unknown): string {
  return typeof to === 'string' &&
    /^(requests\/[\w-]+(\/[\w-]+)*|(bulk|set-ups)(\/[\w-]+)*)?(\?[!"$-[\]-~]*)?$/.test(to)
    ? to
    : '';
}
