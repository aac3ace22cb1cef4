import { html } from 'hono/html';
import type { NoticeMessage } from './message';

const TEXT = 'font: 16px/1.5 system-ui, sans-serif; max-width: 36em; margin: 0 auto; padding: 16px';
const BUTTON = 'display: inline-block; padding: 10px 18px; border-radius: 6px; background: #1d4ed8; color: #ffffff';

/** A message as the HTML of a mail: no picture, nothing from elsewhere. */
export function asHtml({ subject, paragraphs, link, lang }: NoticeMessage): string {
  const button = link && html`<p><a style="${BUTTON}" href="${link.url}">${link.label}</a></p>`;
  const page = html`<!doctype html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8" />
        <title>${subject}</title>
      </head>
      <body>
        <div style="${TEXT}">${paragraphs.map((text) => html`<p>${text}</p>`)}${button ?? ''}</div>
      </body>
    </html>`;
  // An element's text is its HTML.
  // eslint-disable-next-line @typescript-eslint/no-base-to-string
  return String(page);
}
