import { grantedScopes } from './grants';
import { isOAuth2Mode } from './modes/credentials';
import { MODES } from './modes/table';
import { escapeHtml } from './page';
import { pageFields } from './page-fields';
import type { ProviderField } from './provider';
import type { Connection, ConnectSession, Integration } from './state';

/** The forms of a connect page, one for each integration that the link offers. */

/** What a form has fields for. */
export interface Offer {
  integration: Integration;
  session: ConnectSession;
  /** the connection that is made anew */
  existing?: Connection;
}

/** HTML of all forms. */
export function connectForms(offers: Offer[]): string {
  const forms = offers.map((offer, i) => form(offer, offers.length === 1 ? undefined : i));
  return `<p>This is a Nango for tests: any name will do, and no real account is touched.</p>
${forms.join('\n')}`;
}

/** @param n which one of several, whose fields and buttons have to be told apart */
function form({ integration, session, existing }: Offer, n?: number): string {
  const { key, displayName, provider } = integration;
  const { way } = MODES[provider.authMode];
  const { credentials, config } = pageFields(integration, session);
  const scopes = isOAuth2Mode(provider.authMode) ? grantedScopes(session, integration, existing) : undefined;
  const inputs = [
    ...(way === 'popup' || way === 'install' ? [input('as', { title: 'Account', default_value: 'me' }, n)] : []),
    ...Object.entries({ ...credentials, ...config }).map(([name, field]) => input(name, field, n)),
    ...(scopes ? [input('grant', { title: 'Scopes', default_value: scopes.join(' '), optional: true }, n)] : []),
  ];
  // One name may stand for several.
  const name = n === undefined ? '' : ` ${displayName} (${key})`;
  const value = `value="${escapeHtml(key)}"`;
  return `<form method="post">
${inputs.join('\n')}
<p class="choice">
<button name="integration" ${value}>${way === 'install' ? 'Install' : 'Connect'}${escapeHtml(name)}</button>
<button name="refuse" ${value} formnovalidate>Refuse${escapeHtml(name)}</button>
</p>
</form>`;
}

function input(name: string, { title, default_value = '', optional = false }: ProviderField, n?: number): string {
  const id = escapeHtml(n === undefined ? name : `${name}-${n}`);
  return `<label for="${id}">${escapeHtml(title)}</label>
<input id="${id}" name="${escapeHtml(name)}" value="${escapeHtml(default_value)}"${optional ? '' : ' required'} autocomplete="off">`;
}
