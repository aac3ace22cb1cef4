import { Hono } from 'hono';
import { sendPicture } from '../logos/send-picture';
import type { ShownBrand } from './brand';
import { brandCss } from './brand-css';

/** What of a brand is not in the pages themselves: of what is there, its stylesheet and its mark. */
export function brandAssets({ color, mark }: ShownBrand): Hono {
  const app = new Hono();
  if (color !== undefined) {
    const headers = { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': 'public, max-age=300' };
    app.get('/brand.css', (c) => c.body(brandCss(color), 200, headers));
  }
  if (mark !== undefined) app.get('/mark', (c) => sendPicture(c, mark, 'public'));
  return app;
}
