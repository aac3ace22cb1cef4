/** How the keys begin that people give to Nango in the stories. */
export const SECRET_KEY_OF = 'the-secret-key-of-';

/** How secrets of the stories begin that are not known when a recording is read. */
export const SECRETS: ReadonlyMap<string, string> = new Map([
  ['the key of an account', SECRET_KEY_OF],
  ['the token of a connect link', 'nango_connect_session_'],
]);
