import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import { currentBrand } from './brand/current-brand';
import { withoutMarks } from './foreign';
import { language } from './texts/current';

export interface PageProps {
  title: string;
  /** the way from this page to the root of its handler, such as `../`: a handler may be mounted anywhere */
  root: string;
  /** something on it changes by itself: without the script it is loaded anew, so often that one who comes back sees it */
  watches?: boolean;
  /** it is one of the inbox, which has a stylesheet of its own beside that of all pages */
  isInbox?: boolean;
  children?: Child;
}

const RELOAD_S = 20;

/** The frame of every page. */
export function Page({ title, root, watches = false, isInbox = false, children }: PageProps): Child {
  return (
    <html lang={language()}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{withoutMarks(title)}</title>
        <link rel="stylesheet" href={`${root}assets/style.css`} />
        {isInbox && <link rel="stylesheet" href={`${root}assets/inbox.css`} />}
        {currentBrand().color !== undefined && <link rel="stylesheet" href={`${root}assets/brand.css`} />}
        <script src={`${root}assets/script.js`} type="module"></script>
        {watches && (
          <noscript>
            <meta http-equiv="refresh" content={String(RELOAD_S)} />
          </noscript>
        )}
      </head>
      <body>{children}</body>
    </html>
  );
}

/** Responds with a page. */
export function show(
  c: Context,
  page: Child,
  status: 200 | 400 | 401 | 403 | 404 | 408 | 409 | 413 | 415 | 429 | 500 | 503 = 200,
): Response {
  // An element's text is its HTML.
  // eslint-disable-next-line @typescript-eslint/no-base-to-string
  return c.body(`<!doctype html>${String(page)}`, status, { 'Content-Type': 'text/html; charset=utf-8' });
}
