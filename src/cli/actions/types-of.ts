import type { Options } from 'json-schema-to-typescript';
import type { JsonSchema } from '../../contract/types';
import { isCircular } from './circular';
import { cleanSchema } from './clean-schema';
import type { TypeNames } from './names';

/** A larger one is no schema that a person wrote. */
const MAX_SCHEMA_CHARS = 256_000;
const DECLARED = /^export (?:interface|type|enum|const enum) (\w+)/gm;

/** Formatting of ours, and nothing that is fetched: a reference leads nowhere but within its schema. */
const OPTIONS: Partial<Options> = {
  bannerComment: '',
  additionalProperties: false,
  style: { printWidth: 120, singleQuote: true, bracketSpacing: true, trailingComma: 'all' },
  $refOptions: { resolve: { external: false, file: false, http: false } },
};

/** A type of TypeScript's. */
export interface SchemaType {
  /** how it is named where it is used; `Json` where nothing more is known */
  name: string;
  /** its declaration, with those that it needs; empty for `Json` */
  declarations: string;
  /** there is a schema, and nothing could be made of it */
  failed: boolean;
}

const JSON_TYPE: SchemaType = { name: 'Json', declarations: '', failed: false };

/**
 * The type of what fits a schema.
 *
 * @param name what it shall be called
 * @param prefix what the types of its definitions begin with
 * @param names of the file, where `name` is taken
 */
export async function typeOfSchema(
  schema: JsonSchema | undefined,
  { name, prefix, names }: { name: string; prefix: string; names: TypeNames },
): Promise<SchemaType> {
  if (schema === undefined) return JSON_TYPE;
  if (JSON.stringify(schema).length > MAX_SCHEMA_CHARS) return { ...JSON_TYPE, failed: true };
  const { schema: clean, definitions } = cleanSchema(schema, (key) => names.next(`${prefix}-${key}`));
  if (Object.keys(clean).every((keyword) => keyword === 'description' || keyword === 'definitions')) {
    const saysNothing = Object.keys(schema).every((keyword) => ['description', '$schema'].includes(keyword));
    return { ...JSON_TYPE, failed: !saysNothing };
  }
  if (isCircular(clean)) return { ...JSON_TYPE, failed: true };
  try {
    // Loaded here: it takes its time, and one command needs it.
    const { compile } = await import('json-schema-to-typescript');
    const code = await compile(clean, name, OPTIONS);
    const declared = [...code.matchAll(DECLARED)].map(([, one = '']) => one);
    const known = new Set([name, ...definitions]);
    // A name that was made up might be another one's.
    if (!declared.includes(name) || declared.some((one) => !known.has(one))) return { ...JSON_TYPE, failed: true };
    return { name, declarations: code.trim(), failed: false };
  } catch {
    return { ...JSON_TYPE, failed: true };
  }
}
