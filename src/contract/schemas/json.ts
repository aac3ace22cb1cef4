import { z } from 'zod';
import { checkJson } from '../rules/json';
import type { Json } from '../types';

export const jsonSchema: z.ZodType<Json> = z.json();

/**
 * What a caller gives to be sent, as `checkJson` takes it. It is passed on as it is: a copy would have lost a key
 * `__proto__` without a word.
 */
export const givenJsonSchema: z.ZodType<Json> = z.custom<Json>(isGiven);

function isGiven(value: unknown): boolean {
  try {
    checkJson(value, 'value');
    return true;
  } catch {
    return false;
  }
}
