import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';

const TYPES = { 'style.css': 'text/css; charset=utf-8', 'script.js': 'text/javascript; charset=utf-8' } as const;

/** The stylesheet and the script of both handlers. */
export function assets(): Hono {
  const app = new Hono();
  for (const [name, type] of Object.entries(TYPES)) {
    const text = readFileSync(join(__dirname, 'assets', name), 'utf8');
    app.get(`/${name}`, (c) => c.body(text, 200, { 'Content-Type': type, 'Cache-Control': 'public, max-age=300' }));
  }
  return app;
}
