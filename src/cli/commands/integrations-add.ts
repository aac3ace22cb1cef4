import type { Command } from 'commander';
import { detailsOf, findNangoFailure } from '../../contract/errors';
import { checkAppCredentials, checkEnsureIntegrationInput } from '../../contract/rules/check-set-up';
import { printable } from '../../contract/rules/printable';
import type { AppCredentials, AppField, MadeIntegration } from '../../contract/types';
import type { IntegrationSetUp } from '../../requests/set-ups/integration-set-up';
import { isWaiting } from '../../requests/set-ups/join';
import { userName } from '../options/user-name';
import { setUpText } from '../set-up/set-up-text';
import { withTemporal } from '../temporal';
import { EXIT } from '../terminal/exit-codes';
import { usage } from '../terminal/failure';
import { leaf, repeated } from '../terminal/leaf';
import { actionOf } from '../terminal/result';
import type { CommandResult } from '../terminal/result';

interface Options {
  integration?: string;
  scope: string[];
  nangoApp?: boolean;
  clientId?: string;
  clientSecretEnv?: string;
  appId?: string;
  appLink?: string;
  privateKeyEnv?: string;
  by?: string;
}

/** `temporal-nango integrations add`: an integration, or what an operator may do to have it. */
export function integrationsAddCommand(): Command {
  return leaf('add <provider>', 'Set up an integration; where somebody has to choose, say what there is.', {
    examples: [
      ['integrations add hubspot', 'says which choices there are; many providers need none and are set up at once'],
      ['integrations add hubspot --nango-app', 'with the developer app that Nango lends'],
      [
        'integrations add hubspot --client-id ID --client-secret-env HUBSPOT_SECRET',
        'with an app of your own; the worker reads the secret from its environment',
      ],
    ],
  })
    .option('--integration <key>', "its key at Nango; without it the provider's name")
    .option(
      '--scope <scope>',
      "OAuth scope that its links ask for, instead of the provider's; repeatable",
      repeated,
      [],
    )
    .option('--nango-app', 'with the developer app that Nango lends')
    .option('--client-id <id>', 'of an app of your own')
    .option('--client-secret-env <name>', "the variable of the worker that holds the app's secret")
    .option('--app-id <id>', 'of a GitHub app of your own')
    .option('--app-link <url>', 'the page on which it is installed')
    .option('--private-key-env <name>', 'the variable of the worker that holds its private key')
    .option('--by <name>', 'who does it, for the record (default: your user name)')
    .action(
      actionOf<[string, Options]>(async (_, provider, options) => {
        const { integration, scope, nangoApp = false, by = userName() } = options;
        const credentials = credentialsOf(options);
        if (nangoApp && credentials !== undefined) {
          throw usage('Either --nango-app or the credentials of an app of your own, not both.');
        }
        const scopes = scope.length === 0 ? undefined : scope;
        const wanted = { provider, integration, scopes };
        const { subject } = checkEnsureIntegrationInput(wanted, Date.now());
        return await withTemporal(async ({ client, connections, config: { environment } }) => {
          // Whoever joins what is open is not told how it ends that somebody agrees; whoever decides is.
          const decides = nangoApp && (await isWaiting({ client, environment }, subject.integration));
          const ensured = await connections.ensureIntegration({ ...wanted, allowNangoApp: nangoApp && !decides });
          if (ensured.kind === 'integration') return ready(ensured);
          if (decides) return await lent(ensured, by);
          if (credentials === undefined) return await waiting(ensured, nangoApp);
          const status = await ensured.decide({ choice: 'own', credentials, by });
          return status === 'ready' ? ready(await ensured.result()) : await waiting(ensured, false);
        });
      }),
    );
}

/** @returns nothing if none is given. @throws Nango.InvalidRequest for a secret in the place of its name */
function credentialsOf(options: Options): AppCredentials | undefined {
  const { clientId, clientSecretEnv, appId, appLink, privateKeyEnv } = options;
  const given: AppCredentials = {
    clientId,
    clientSecret: clientSecretEnv === undefined ? undefined : { fromEnv: clientSecretEnv },
    appId,
    appLink,
    privateKey: privateKeyEnv === undefined ? undefined : { fromEnv: privateKeyEnv },
  };
  const fields = Object.entries(given).flatMap(([field, value]) => (value === undefined ? [] : [field as AppField]));
  if (fields.length === 0) return undefined;
  checkAppCredentials(given, fields);
  return given;
}

function ready({ integration, provider }: MadeIntegration): CommandResult {
  return {
    value: { status: 'ready', integration, provider },
    text: printable(
      `Set up: ${integration} (${provider}). Connect it with \`temporal-nango ensure ${integration} …\`.`,
    ),
  };
}

/** With the app that Nango lends, if it lends one. */
async function lent(setUp: IntegrationSetUp, by: string): Promise<CommandResult> {
  const { question } = await setUp.view();
  if (question === undefined || !question.choices.includes('nangoApp')) return await waiting(setUp, true);
  try {
    const status = await setUp.decide({ choice: 'nangoApp', by });
    return status === 'ready' ? ready(await setUp.result()) : await waiting(setUp, false);
  } catch (error) {
    const failure = findNangoFailure(error);
    if (failure?.type !== 'Nango.InvalidRequest' || detailsOf(failure).field !== 'nangoApp') throw error;
    return await waiting(setUp, true);
  }
}

/**
 * @param failed what was asked for is not there to be had
 * @throws why it has ended, if it has
 */
async function waiting(setUp: IntegrationSetUp, failed: boolean): Promise<CommandResult> {
  const view = await setUp.view();
  if (view.status !== 'waiting' && view.status !== 'checking') return ready(await setUp.result());
  // Whoever acts on 0 has a question to answer.
  const hasQuestion = view.question !== undefined;
  return {
    value: { status: 'waiting', setUp: setUp.ref, question: view.question ?? null },
    text: setUpText(view),
    exitCode: failed || !hasQuestion ? EXIT.failed : EXIT.done,
  };
}
