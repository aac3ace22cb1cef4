import type { Provider } from './provider';

/** Providers that a FakeNango begins with. */

/** A few that exist, so that integrations of them can be made; nothing of theirs is ever called. */
export const REAL_PROVIDERS: Provider[] = [
  { name: 'github', displayName: 'GitHub (User OAuth)', authMode: 'OAUTH2' },
  { name: 'hubspot', displayName: 'HubSpot', authMode: 'OAUTH2', routesWebhooks: true },
  { name: 'airtable-pat', displayName: 'Airtable (Personal Access Token)', authMode: 'API_KEY' },
  { name: 'unauthenticated', displayName: 'Unauthenticated', authMode: 'NONE', routesWebhooks: true },
];

/** Three made-up ones over one real upstream, for each way to authenticate. */
export function upstreamProviders(upstream: string): Provider[] {
  const baseUrl = `${upstream.replace(/\/$/, '')}/api`;
  const root = upstream.replace(/\/$/, '');
  return [
    {
      name: 'fake-apikey',
      displayName: 'Fake API key (local, verified)',
      authMode: 'API_KEY',
      baseUrl,
      verifyPath: '/verify',
    },
    { name: 'fake-basic', displayName: 'Fake Basic (local)', authMode: 'BASIC', baseUrl },
    {
      name: 'fake-oauth2',
      displayName: 'Fake OAuth2 (local)',
      authMode: 'OAUTH2',
      baseUrl,
      authorizeUrl: `${root}/oauth/authorize`,
      tokenUrl: `${root}/oauth/token`,
      defaultScopes: ['read'],
    },
  ];
}
