import { isWebAddress } from './web-address';

/** A page that the index links to. */
export interface DocsPage {
  title: string;
  /** of its text */
  url: string;
}

/** A link of Markdown in a list. */
const LINK = /^\s*[-*]\s+\[([^\]]*)\]\(([^)\s]+)\)/gm;
/** Where the pages of APIs are; pages of guides bear names of APIs too. */
const OF_AN_API = /\/(api-integrations|integrations\/all)\//;

/**
 * The page of an API in an index such as https://nango.dev/docs/llms.txt (https://llmstxt.org): the one whose address
 * ends in the provider's name, else the one that is titled as the provider is called. Of several the shortest address
 * is the overview.
 *
 * @param indexUrl what relative links are relative to
 * @param names the provider's name first, then what it is called
 */
export function findPage(index: string, indexUrl: string, names: string[]): DocsPage | undefined {
  const pages = [...index.matchAll(LINK)]
    .map(([, title = '', href = '']) => ({
      title,
      url: URL.canParse(href, indexUrl) ? new URL(href, indexUrl).href : '',
    }))
    .filter(({ url }) => isWebAddress(url))
    .toSorted((a, b) => Number(OF_AN_API.test(b.url)) - Number(OF_AN_API.test(a.url)) || a.url.length - b.url.length);
  for (const name of names) {
    const wanted = name.toLowerCase();
    const byAddress = pages.find(({ url }) => lastPart(url) === wanted);
    const found = byAddress ?? pages.find(({ title }) => title.trim().toLowerCase() === wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}

function lastPart(url: string): string | undefined {
  const parts = new URL(url).pathname.split('/').filter((part) => part !== '');
  return parts
    .at(-1)
    ?.toLowerCase()
    .replace(/\.mdx?$/, '');
}
