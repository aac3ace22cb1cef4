import type { Context } from 'hono';

type Query = { [name: string]: unknown };

/** The query of a request: `a=1&a=2` and `a[]=1` are lists, `a[b]=c` is `{ a: { b: 'c' } }`. */
export function queryOf(c: Context): Query {
  return parseQuery(new URL(c.req.url).searchParams);
}

/** The same of a form. */
export function parseQuery(parameters: URLSearchParams): Query {
  const query: Query = {};
  for (const [name, value] of parameters) {
    put(
      query,
      name.split('[').map((key) => key.replace(/\]$/, '')),
      value,
    );
  }
  return query;
}

function put(place: Query, [key = '', ...path]: string[], value: string): void {
  // Not what an object is born with, as `__proto__`.
  const present = Object.hasOwn(place, key) ? place[key] : undefined;
  const [next] = path;
  if (next === undefined) place[key] = present === undefined ? value : [present, value].flat();
  else if (next === '') place[key] = [present ?? [], value].flat();
  else {
    const inner = isQuery(present) ? present : {};
    place[key] = inner;
    put(inner, path, value);
  }
}

function isQuery(value: unknown): value is Query {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
