import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { z } from 'zod';

/** Nango's error shapes: `{error:{code,message}}`, with `errors` for a validation, with `payload` for a 401. */

export interface Issue {
  code: string;
  message: string;
  path: (string | number)[];
}

/** Ends the request with an error answer. */
export function fail(status: number, error: { code: string; [key: string]: unknown }): never {
  throw new HTTPException(status as 400, {
    res: new Response(JSON.stringify({ error }), {
      status,
      headers: { 'content-type': 'application/json; charset=utf-8' },
    }),
  });
}

export function unauthorized(code: string, message: string): never {
  return fail(401, { message, code, payload: {} });
}

export function invalid(code: string, ...issues: Issue[]): never {
  return fail(400, { code, errors: issues });
}

/** Parses as Nango does, with the issues of zod in its answer. */
export function parse<T>(schema: z.ZodType<T>, value: unknown, code: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  return invalid(
    code,
    ...parsed.error.issues.map(({ code, message, path }) => ({ code, message, path: path as (string | number)[] })),
  );
}

/** The query with repeated keys as lists and `a[b]=c` as `{ a: { b: 'c' } }`. */
export function queryOf(c: Context): { [key: string]: unknown } {
  const query: { [key: string]: unknown } = {};
  for (const [name, value] of new URL(c.req.url).searchParams) {
    const nested = /^([^[]+)\[([^\]]+)\]$/.exec(name);
    if (nested) {
      const [, outer = '', inner = ''] = nested;
      const object = typeof query[outer] === 'object' ? (query[outer] as { [key: string]: string }) : {};
      query[outer] = { ...object, [inner]: value };
    } else if (name in query) {
      query[name] = [query[name], value].flat();
    } else {
      query[name] = value;
    }
  }
  return query;
}

export function html(status: number, text: string): Response {
  return new Response(`<!DOCTYPE html>\n<html><body>${text}</body></html>`, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
  });
}
