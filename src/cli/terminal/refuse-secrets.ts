import { usage } from './failure';

/** What an argument must not be, and the right way. Whoever lists processes sees the arguments of all of them. */
const REFUSED: { pattern: RegExp; is: string; instead: string }[] = [
  {
    pattern: /nango_connect_session_\w/,
    is: 'a connect session token',
    instead: 'Nothing here takes one: `temporal-nango ensure` makes a link whenever it is needed.',
  },
  {
    pattern: /^(Bearer|Basic)\s+\S|(^|["'\s])(proxy-)?authorization["']?\s*[:=]/i,
    is: 'an authorization header',
    instead:
      "Leave it out: Nango adds the connection's credentials. A body that has to hold one comes from --data @FILE.",
  },
  {
    pattern: /^[A-Z][A-Z0-9_]*(KEY|KEYS|TOKEN|SECRET|PASSWORD)=./,
    is: 'a secret setting',
    instead: 'Write it before the command (NAME=… temporal-nango …), into the environment, or into .env.',
  },
];

/** Options that somebody may expect and that do not exist. */
const KEY_OPTION =
  /^--?(nango-|temporal-|api-|secret-|access-|connect-|webhook-|inbox-)*(api-?key|key|secret|token|password|auth)(=|$)/i;

/** Of a developer app. */
const APP_SECRET_OPTION = /^--?(client-secret|private-key)(=|$)/i;
const APP_SECRET_INSTEAD =
  'Put it into a variable where the worker runs, and name that: --client-secret-env NAME, --private-key-env NAME.';

const KEY_INSTEAD =
  "Put Nango's key into NANGO_TOOLBOX_SECRET_KEY, in the environment or in .env; Temporal's into TEMPORAL_API_KEY.";

/**
 * Refuses a command line with a secret in it, before anything else looks at it: exit 2. What was typed is not repeated.
 *
 * @param known the secrets that are set: they may stand in no argument
 * @throws CliFailure (usage) that says the right way
 */
export function refuseSecrets(args: string[], known: string[]): void {
  for (const arg of args) {
    if (APP_SECRET_OPTION.test(arg)) throw usage('A secret must not be an argument.', APP_SECRET_INSTEAD);
    if (KEY_OPTION.test(arg)) throw usage('A secret must not be an argument, and no option takes one.', KEY_INSTEAD);
    if (known.some((secret) => secret.length >= 8 && arg.includes(secret))) {
      throw usage('A secret must not be an argument: this one holds a secret that is set already.', 'Leave it out.');
    }
    for (const { pattern, is, instead } of REFUSED) {
      if (pattern.test(arg)) throw usage(`A secret must not be an argument: this is ${is}.`, instead);
    }
  }
}
