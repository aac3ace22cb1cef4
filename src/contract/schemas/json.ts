import { z } from 'zod';
import { checkJson } from '../rules/json';
import type { Json } from '../types';

/**
 * What was read. Thousands of nested brackets are none: JSON can hold them, and neither a schema nor a history can. It is passed
 * on as it is.
 */
export const jsonSchema: z.ZodType<Json> = z.custom<Json>(isJson);

/**
 * What a caller gives to be sent, as `checkJson` takes it. It is passed on as it is: a copy would have lost a key
 * `__proto__` without a word.
 */
export const givenJsonSchema: z.ZodType<Json> = z.custom<Json>(isGiven);

function isJson(value: unknown): boolean {
  try {
    return z.json().safeParse(value).success;
  } catch {
    return false;
  }
}

function isGiven(value: unknown): boolean {
  try {
    checkJson(value, 'value');
    return true;
  } catch {
    return false;
  }
}
