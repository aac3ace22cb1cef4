import { printable } from '../../contract/rules/printable';
import type { AppField, SetUpView } from '../../contract/types';
import { addCommand } from '../../requests/set-ups/add-command';
import { moment } from '../terminal/time';

const NAMES: Record<AppField, string> = {
  clientId: 'client id',
  clientSecret: 'client secret',
  appId: 'app id',
  appLink: "link to the app's page",
  privateKey: 'private key',
};

const OPTIONS: Record<AppField, string> = {
  clientId: '--client-id ID',
  clientSecret: '--client-secret-env NAME',
  appId: '--app-id ID',
  appLink: '--app-link URL',
  privateKey: '--private-key-env NAME',
};

/** What an operator may do to set an integration up, a line for each step. */
export function setUpText({ integration, provider, question, problem }: SetUpView): string {
  if (question === undefined) return `Setting up ${integration}: run the same command again in a moment.`;
  const { choices, fields, docs, callbackUrl, scopes, deadline } = question;
  const command = addCommand({ integration, provider });
  const lines = [`An operator has to set up ${integration} (${provider}, ${question.authMode}).`];
  if (problem?.field === 'nangoApp') lines.push('Nango lends no developer app for this provider.');
  if (choices.includes('nangoApp')) lines.push('', `With Nango's developer app:`, `  ${command} --nango-app`);
  if (choices.includes('own')) {
    lines.push('', 'With a developer app of your own:');
    if (docs !== undefined) lines.push(`  how to register one: ${docs}`);
    if (callbackUrl !== undefined)
      lines.push(`  address to register, unless your environment has its own: ${callbackUrl}`);
    if (scopes !== undefined) lines.push(`  scopes to tick: ${scopes.join(' ')}`);
    lines.push(`  then, with its ${fields.map((field) => NAMES[field]).join(', ')}:`);
    lines.push(`  ${command} ${fields.map((field) => OPTIONS[field]).join(' ')}`);
    lines.push('  NAME is a variable where the worker runs, which reads it there: the secret is never an argument.');
  }
  const only = choices.length === 1 ? "Only in Nango's dashboard, since its API cannot:" : "In Nango's dashboard:";
  lines.push(
    '',
    only,
    `  Integrations → Configure new integration → ${provider}, with the integration ID ${integration}`,
    `  It is noticed by itself, within some minutes. Open until ${moment(deadline)}.`,
  );
  return lines.map(printable).join('\n');
}
