import { forScopes, lacksScopes, missingScopes } from '../../src/contract/rules/scopes';
import type { Connection } from '../../src/contract/types';

// Which scopes are missing, though providers spell them in more than one way: docs/workflows/ensure-connection.md.

test.each([
  ['email', 'https://www.googleapis.com/auth/userinfo.email'],
  ['https://www.googleapis.com/auth/userinfo.profile', 'profile'],
  ['https://graph.microsoft.com/Mail.Read', 'Mail.Read'],
  ['mail.read', 'https://graph.microsoft.com/Mail.Read'],
  ['public_repo', 'repo'],
  ['read:org', 'admin:org'],
  ['user:email', 'user'],
  ['openid', 'read'],
  ['offline_access', 'read'],
  ['Read', 'read'],
])('%s is not missing where %s was granted', (wanted, granted) => {
  expect(missingScopes([wanted], [granted])).toEqual([]);
});

test.each([
  ['repo', 'public_repo'],
  ['write:org', 'read:org'],
  ['mail.send', 'Mail.Read'],
  ['https://graph.microsoft.com/', 'read'],
  ['constructor', 'read'],
  ['toString', 'read'],
])('%s is missing where only %s was granted', (wanted, granted) => {
  expect(missingScopes([wanted], [granted])).toEqual([wanted]);
});

test('what is missing has the names that it is wanted by, in their order, each once', () => {
  expect(missingScopes(['B', 'a', 'c', 'B'], ['A'])).toEqual(['B', 'c']);
});

test('of a connection that tells nothing no scope is known to be missing, and none to be granted', () => {
  const silent = { connectionId: 'c' } as Connection;
  expect(lacksScopes(silent, ['read'])).toBe(false);
  expect(forScopes(silent, ['read'])).toMatchObject({ scopesChecked: false });
  expect(forScopes(silent, [])).toHaveProperty('scopesChecked', undefined);
  const telling = { ...silent, grantedScopes: [] };
  expect(lacksScopes(telling, ['read'])).toBe(true);
  expect(lacksScopes(telling)).toBe(false);
  expect(forScopes(telling, ['read'])).toHaveProperty('scopesChecked', undefined);
});
