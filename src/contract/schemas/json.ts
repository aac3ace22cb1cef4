import { z } from 'zod';

export const jsonSchema: z.ZodType<Json> = z.json();

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
