import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import { withoutMarks } from './foreign';

export interface PageProps {
  title: string;
  /** the way from this page to the root of its handler, such as `../`: a handler may be mounted anywhere */
  root: string;
  children?: Child;
}

/** The frame of every page. */
export function Page({ title, root, children }: PageProps): Child {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{withoutMarks(title)}</title>
        <link rel="stylesheet" href={`${root}assets/style.css`} />
        <script src={`${root}assets/script.js`} type="module"></script>
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
