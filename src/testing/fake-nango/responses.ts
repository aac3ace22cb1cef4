import { HTTPException } from 'hono/http-exception';
import type { z } from 'zod';

/** Nango's error shapes: `{error:{code,message}}`, with `errors` for a validation, with `payload` for a 401. */

/** What is wrong with one value, as zod says it. */
export interface Issue {
  code: string;
  message: string;
  path: PropertyKey[];
}

/** Ends the request with an error response. */
export function fail(status: number, error: { code: string; [key: string]: unknown }): never {
  throw new HTTPException(status as 400, {
    res: json(status, { error }),
  });
}

/** Ends the request with a 401. */
export function unauthorized(code: string, message: string): never {
  return fail(401, { message, code, payload: {} });
}

/** Ends the request with a 400 that lists what is wrong. @param code as `invalid_body` */
export function invalid(code: string, ...issues: Issue[]): never {
  return fail(400, {
    code,
    // Places in a list are told as text too.
    errors: issues.map(({ code, message, path }) => ({ code, message, path: path.map(String) })),
  });
}

/** Parses as Nango does, with the issues of zod in its response. */
export function parse<T>(schema: z.ZodType<T>, value: unknown, code: string): T {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : invalid(code, ...parsed.error.issues);
}

/** A response in JSON. */
export function json(status: number, body: unknown, headers: { [name: string]: string } = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  });
}

/** A page. */
export function html(status: number, text: string): Response {
  return new Response(`<!DOCTYPE html>\n<html><body>${text}</body></html>`, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
  });
}
