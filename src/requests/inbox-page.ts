import type { NangoConfig } from '../config';
import type { SetUpRef } from '../contract/types';

/** Where people see what is at a path of the inbox. @returns nothing where nobody has said where the inbox is */
export function inboxPage(path: string, { inboxUrl }: Pick<NangoConfig, 'inboxUrl'>): string | undefined {
  return inboxUrl === undefined ? undefined : `${inboxUrl}/${path}`;
}

/** The path of a request's page below the root of the inbox. Ids hold slashes, which proxies decode; base64url passes them all. */
export function requestPath({ id, firstExecutionRunId }: { id: string; firstExecutionRunId?: string }): string {
  const encoded = `requests/${Buffer.from(id).toString('base64url')}`;
  return firstExecutionRunId === undefined ? encoded : `${encoded}/${firstExecutionRunId}`;
}

/** The path of a set-up's page below the root of the inbox. */
export function setUpPath({ id, firstExecutionRunId }: SetUpRef): string {
  return `set-ups/${Buffer.from(id).toString('base64url')}/${firstExecutionRunId}`;
}
