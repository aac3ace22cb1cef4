import type { AppField, SetUpChoice } from '../types';

/** What it takes to set up an integration of a provider. */
export interface SetUpWay {
  /** what an operator may choose; none: `POST /integrations` makes it at once, and the person enters the rest */
  choices: SetUpChoice[];
  /** what the credentials of a developer app of one's own consist of */
  fields: AppField[];
}

const CLIENT: AppField[] = ['clientId', 'clientSecret'];
const INSTALLABLE: AppField[] = ['appId', 'appLink', 'privateKey'];

const AT_ONCE: SetUpWay = { choices: [], fields: [] };
/** What the API makes there cannot be connected. */
export const DASHBOARD: SetUpWay = { choices: ['made'], fields: [] };
/** Nango may have registered an app with the provider that it lends. */
const LENDABLE: SetUpChoice[] = ['nangoApp', 'own', 'made'];

/** By the auth modes of Nango's catalogue. */
const WAYS: { readonly [authMode: string]: SetUpWay } = {
  OAUTH1: { choices: LENDABLE, fields: CLIENT },
  OAUTH2: { choices: LENDABLE, fields: CLIENT },
  APP: { choices: LENDABLE, fields: INSTALLABLE },
  CUSTOM: { choices: ['own', 'made'], fields: [...CLIENT, ...INSTALLABLE] },
  OAUTH2_CC: AT_ONCE,
  API_KEY: AT_ONCE,
  BASIC: AT_ONCE,
  TWO_STEP: AT_ONCE,
  JWT: AT_ONCE,
  BILL: AT_ONCE,
  SIGNATURE: AT_ONCE,
  TBA: AT_ONCE,
  NONE: AT_ONCE,
  INSTALL_PLUGIN: AT_ONCE,
  // It registers as a client while it connects.
  MCP_OAUTH2_GENERIC: AT_ONCE,
  // The dashboard alone registers it as a client, or takes the client's credentials.
  MCP_OAUTH2: DASHBOARD,
  // The service to sign for is the integration's, and no page asks for it.
  AWS_SIGV4: DASHBOARD,
};

/** The auth modes that are known. */
export const AUTH_MODES: readonly string[] = Object.keys(WAYS);

/** What it takes in an auth mode. One that is not known is left to the dashboard, which knows it. */
export function setUpWayOf(authMode: string): SetUpWay {
  return (Object.hasOwn(WAYS, authMode) ? WAYS[authMode] : undefined) ?? DASHBOARD;
}
