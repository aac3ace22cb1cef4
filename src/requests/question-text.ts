import type { Question } from '../contract/types';

/** What somebody is asked to do, after "Waiting for somebody", who may be an operator. What is not known yet is to connect. */
export function questionText(integration: string, kind: Question['kind'] = 'connect'): string {
  return TO_DO[kind](integration);
}

const TO_DO: { [kind in Question['kind']]: (integration: string) => string } = {
  connect: (integration) => `to connect ${integration}`,
  reconnect: (integration) => `to connect ${integration} anew`,
  'approve-scopes': (integration) => `to grant ${integration} more scopes`,
  'choose-connection': (integration) => `to have one of several ${integration} connections chosen`,
  'update-integration-scopes': (integration) =>
    `for an operator to have the integration ${integration} request more scopes`,
  'recreate-connection': (integration) => `to make the ${integration} connection anew, for more scopes`,
};

/** What has come of it so far, where that is for somebody to confirm; nothing where it is not. */
export function unconfirmedText({
  unconfirmed = [],
  confirmed,
}: Pick<Question, 'unconfirmed' | 'confirmed'>): string | undefined {
  if (confirmed !== undefined) return 'confirmed, being accepted';
  if (unconfirmed.length === 0) return undefined;
  const isOpen = unconfirmed.some(({ refusedBy }) => refusedBy === undefined);
  return isOpen ? 'connected, not confirmed' : 'connected by somebody else';
}
