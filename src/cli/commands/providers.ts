import type { Command } from 'commander';
import { checkProvider } from '../../contract/rules/check-request';
import type { DiscoveredProvider } from '../../contract/types';
import { describeProvider, listProviders, unknownProvider } from '../../nango/providers';
import type { ListedProvider } from '../../nango/providers';
import { withNango } from '../nango';
import { usage } from '../terminal/failure';
import { leaf } from '../terminal/leaf';
import { actionOf } from '../terminal/result';
import type { CommandResult } from '../terminal/result';
import { table } from '../terminal/table';

const MAX_SEARCH_CHARS = 255;

/** `temporal-nango providers`: the APIs that Nango knows, whether or not the environment has an integration of them. */
export function providersCommand(): Command {
  return leaf('providers [name]', 'Say what Nango knows of a provider, or which there are.', {
    examples: [
      ['providers hubspot', 'how it authenticates, its documentation, scopes and base URL'],
      ['providers --search "^google"', 'those whose name fits a regular expression, in any case'],
    ],
  })
    .option('--search <expression>', 'list those whose name fits this regular expression')
    .action(
      actionOf<[string | undefined, { search?: string }]>(async ({ io, signal }, name, { search }) => {
        if ((name === undefined) === (search === undefined)) {
          throw usage('Give the name of a provider, or --search.', '--search . lists all.');
        }
        if (name !== undefined) return described(await readOne(name, signal), io.colors.bold);
        checkSearch(search ?? '');
        return listed(await withNango(signal, (api, bounds) => listProviders(api, search, bounds)), io.colors.bold);
      }),
    );
}

/** Nango takes what its own engine takes, which is the same. */
function checkSearch(search: string): void {
  if (search === '' || search.length > MAX_SEARCH_CHARS) {
    throw usage(`--search must have 1 to ${MAX_SEARCH_CHARS} characters.`);
  }
  try {
    new RegExp(search, 'i');
  } catch {
    throw usage('--search must be a regular expression.');
  }
}

async function readOne(name: string, signal: AbortSignal): Promise<DiscoveredProvider> {
  checkProvider(name);
  return await withNango(signal, async (api, bounds) => {
    const known = await describeProvider(api, name, bounds);
    if (known === undefined) throw await unknownProvider(api, name, bounds);
    return known;
  });
}

function described(known: DiscoveredProvider, bold: (text: string) => string): CommandResult {
  const { provider, displayName, authMode, docs, defaultScopes, scopeSeparator, baseUrl, pagination } = known;
  const rows = [
    ['name', displayName],
    ['auth mode', authMode],
    ['documentation', docs],
    ['default scopes', defaultScopes.length === 0 ? undefined : defaultScopes.join(' ')],
    ['scope separator', scopeSeparator && JSON.stringify(scopeSeparator)],
    ['base URL', baseUrl],
    ['pages by', pagination?.type],
  ];
  return { value: known, text: table(['PROVIDER', provider], rows, bold) };
}

function listed(found: ListedProvider[], bold: (text: string) => string): CommandResult {
  const rows = found.map(({ provider, displayName, authMode, docs }) => [provider, displayName, authMode, docs]);
  const text = rows.length === 0 ? 'No such provider.' : table(['PROVIDER', 'NAME', 'AUTH MODE', 'DOCS'], rows, bold);
  return { value: found, text };
}
