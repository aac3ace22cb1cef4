import { resolveConfig } from '../../../src/config';

/** Where the arms' Nango is, and the key that opens it: from the environment of the process. */
export function nangoOfEnv(): { url: string; secretKey: string } {
  const { baseUrl, secretKey } = resolveConfig({ cwd: '/' });
  if (secretKey === undefined) throw new Error('NANGO_SECRET_KEY is not set');
  return { url: baseUrl, secretKey };
}

/** What is wanted of an answer, as somebody writes it who knows that it is at the top. */
export function pickFrom(data: unknown, pointers: string[] | undefined): unknown {
  if (pointers === undefined) return data;
  const fields = data as { [name: string]: unknown };
  return Object.fromEntries(pointers.map((pointer) => [pointer, fields[pointer.slice(1)]]));
}
