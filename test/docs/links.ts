import { existsSync } from 'node:fs';
import path from 'node:path';
import { proseOf, ROOT } from './pages';

/**
 * Links and pictures of the pages that lead to no file, or to no heading of a page.
 *
 * @param exists whether there is a file of this path; default: in this repository
 */
export function brokenLinks(
  pages: Map<string, string>,
  exists = (file: string) => existsSync(path.join(ROOT, file)),
): string[] {
  const broken: string[] = [];
  for (const [from, page] of pages) {
    for (const [, link, source] of proseOf(page).matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)) {
      const target = link ?? source ?? '';
      if (/^[a-z]+:/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const to = file === '' ? from : path.posix.join(path.posix.dirname(from), file);
      const headings = anchor === undefined ? [] : headingsOf(pages.get(to) ?? '');
      const leads = exists(to) && (anchor === undefined || headings.includes(anchor));
      if (!leads) broken.push(`${from}: ${target}`);
    }
  }
  return broken;
}

/** Files and folders of this repository that the pages name in code, but that do not exist. */
export function missingFiles(pages: Map<string, string>): string[] {
  return [...pages].flatMap(([from, page]) =>
    [...page.matchAll(/(?<=`|npx jest |\.config\.js )(?:src|test|docs|examples)\/[\w./-]*(?=[` ])/g)].flatMap(
      ([named]) => (existsSync(path.join(ROOT, named)) ? [] : [`${from}: ${named}`]),
    ),
  );
}

/** Anchors of a page, as GitHub makes them of its headings. */
function headingsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
