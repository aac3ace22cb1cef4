import type { Question } from '../contract/types';

/** What a person is asked to do, after "Waiting for somebody". What is not known yet is to connect. */
export function questionText(integration: string, kind: Question['kind'] = 'connect'): string {
  return TO_DO[kind](integration);
}

const TO_DO: { [kind in Question['kind']]: (integration: string) => string } = {
  connect: (integration) => `to connect ${integration}`,
  reconnect: (integration) => `to connect ${integration} anew`,
  'approve-scopes': (integration) => `to grant ${integration} more scopes`,
};
