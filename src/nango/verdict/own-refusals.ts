import type { ErrorBody } from '../http/nango-error';

/**
 * Responses of Nango's own after which nothing was sent to a provider: by status, code, the fields of `error`, and the
 * message where a provider might have the rest. Recorded from a live server; `docs/calls.md` shows the list.
 */
export const OWN_REFUSALS = [
  { status: 429, code: 'too_many_request', fields: 'code,method,path', message: undefined },
  {
    status: 424,
    code: 'connection_refresh_backoff',
    fields: 'code,message',
    message: 'A recent refresh attempt failed. Backing off before retrying.',
  },
];

/** Whether an error is one of the list, to the letter. */
export function isOwnRefusal(status: number, error: ErrorBody): boolean {
  return OWN_REFUSALS.some(
    (own) =>
      own.status === status &&
      own.code === error.code &&
      own.fields === error.fields &&
      (own.message ?? error.message) === error.message,
  );
}
