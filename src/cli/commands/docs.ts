import type { Command } from 'commander';
import { resolveConfig } from '../../config';
import { listIntegrations } from '../../nango/integrations';
import { providerDocs } from '../../nango/provider-docs';
import { actionOf } from '../terminal/result';
import { fetchText } from '../docs/fetch-text';
import { findPage } from '../docs/find-page';
import { isWebAddress } from '../docs/web-address';
import { notFound, unreachable, usage } from '../terminal/failure';
import { leaf } from '../terminal/leaf';
import { withNango } from '../nango';
import { printableLines } from '../terminal/printable';

const INDEX = 'https://nango.dev/docs/llms.txt';

interface Options {
  index?: string;
  open?: boolean;
}

/** What was asked for, as far as it is known. */
interface Api {
  provider: string;
  displayName?: string;
  /** where Nango says that its documentation is */
  docs?: string;
}

/** Where it is read, and how it was found. */
interface Page {
  url: string;
  text?: string;
  /** false: nobody knows whether the index has a page of its own */
  indexRead: boolean;
}

/** `temporal-nango docs`: the page of documentation that Nango has of an API. */
export function docsCommand(): Command {
  return leaf('docs <name>', 'Print what the documentation of Nango says of an API.', {
    examples: [
      ['docs hubspot', 'by the name of a provider, or the key of an integration'],
      ['docs hubspot --open', 'in a browser'],
      ['docs hubspot | less', 'page by page'],
    ],
  })
    .option('--index <url>', `the list of all pages; TEMPORAL_NANGO_DOCS_INDEX, else ${INDEX}`)
    .option('--open', 'open it in a browser')
    .action(
      actionOf<[string, Options]>(async ({ io, signal }, name, { open = false, ...options }) => {
        const api = await apiOf(name, signal);
        const found = await pageOf(api, indexFrom(options), signal);
        if (found === undefined) {
          throw notFound('No page of documentation was found.', 'Try the name of the provider, or --index.');
        }
        const { url, text, indexRead } = found;
        if (!indexRead) io.say('The index of the documentation could not be read: this is the address that Nango has.');
        if (open) await openInBrowser(url);
        else if (text === undefined) io.say('There is only an address; --open opens it.');
        return {
          value: { provider: api.provider, url, text: text ?? null, indexRead },
          text: open || text === undefined ? url : printableLines(text),
        };
      }),
    );
}

function indexFrom({ index = process.env.TEMPORAL_NANGO_DOCS_INDEX || INDEX }: Options): string {
  if (isWebAddress(index)) return index;
  throw usage('The index must be an http or https address.', 'Check --index, or TEMPORAL_NANGO_DOCS_INDEX.');
}

/** Without a key only providers go by their names. */
async function apiOf(name: string, signal: AbortSignal): Promise<Api> {
  if (resolveConfig().secretKey === undefined) return { provider: name };
  return await withNango(signal, async (api, bounds) => {
    const integrations = await listIntegrations(api, bounds);
    const provider = integrations.find(({ key }) => key === name)?.provider ?? name;
    return { provider, ...(await providerDocs(api, provider, bounds)) };
  });
}

/** The page in the index, else the address that Nango has for the provider. */
async function pageOf(
  { provider, displayName, docs }: Api,
  indexUrl: string,
  signal: AbortSignal,
): Promise<Page | undefined> {
  const index = await fetchText(indexUrl, signal);
  const names = [provider, displayName].filter((name) => name !== undefined);
  const page = index === undefined ? undefined : findPage(index, indexUrl, names);
  if (page !== undefined) {
    // The address of the text, without its ending, is that of the page.
    return { url: page.url.replace(/\.mdx?$/, ''), text: await fetchText(page.url, signal), indexRead: true };
  }
  if (docs !== undefined && isWebAddress(docs)) return { url: docs, indexRead: index !== undefined };
  if (index === undefined) throw unreachable('The index of the documentation could not be read.', 'Check --index.');
  return undefined;
}

async function openInBrowser(url: string): Promise<void> {
  // An ES module; and nothing that is needed at other times.
  const { default: open } = await import('open');
  await open(url);
}
