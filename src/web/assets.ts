import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';

const CSS = 'text/css; charset=utf-8';
const TYPES = { 'style.css': CSS, 'inbox.css': CSS, 'script.js': 'text/javascript; charset=utf-8' } as const;

type Asset = keyof typeof TYPES;

/** The stylesheet and the script of both handlers. @param others beside them */
export function assets(...others: Asset[]): Hono {
  const app = new Hono();
  for (const name of ['style.css', 'script.js', ...others] as const) {
    const text = readFileSync(join(__dirname, 'assets', name), 'utf8');
    const headers = { 'Content-Type': TYPES[name], 'Cache-Control': 'public, max-age=300' };
    app.get(`/${name}`, (c) => c.body(text, 200, headers));
  }
  return app;
}
