import type { Json } from '../../contract/types';
import type { JsonSchema } from '../../contract/types';

const TYPES = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']);
const MOST_LEVELS = 60;
const MOST_DESCRIPTION_CHARS = 1_000;
/** A tuple is written with each of its lengths. */
const MOST_TUPLE_ITEMS = 20;
const LOCAL = /^#\/(?:definitions|\$defs)\/([^/]+)$/;
/** Keywords whose schemas make a type directly. */
export const ALTERNATIVES = ['allOf', 'anyOf', 'oneOf'] as const;

/** A schema with nothing in it but what shapes types, and definitions that are called as their types shall be. */
export interface CleanSchema {
  schema: JsonSchema;
  /** names of the definitions that it has */
  definitions: string[];
}

/**
 * Takes of a schema what shapes types, and leaves all else: what is no schema, references to other documents, code for a
 * generator of types (`tsType`). Properties are in the order of their names, so that the same schema is always the same text.
 *
 * @param nameFor gives a definition its name
 */
export function cleanSchema(given: JsonSchema, nameFor: (definition: string) => string): CleanSchema {
  const names = new Map<string, string>();
  const definitions: JsonSchema = {};
  const nameOf = (key: string): string | undefined => {
    const definition = (object(given.definitions) ?? {})[key] ?? (object(given.$defs) ?? {})[key];
    if (object(definition) === undefined) return undefined;
    const known = names.get(key);
    if (known !== undefined) return known;
    const name = nameFor(key);
    // Known before its own references are met.
    names.set(key, name);
    definitions[name] = clean(definition, nameOf, 1);
    return name;
  };
  const root = clean(given, nameOf, 0);
  const schema = names.size === 0 ? root : { ...root, definitions };
  return { schema, definitions: [...names.values()] };
}

/** A text as it may stand in a comment: it ends none, and has no invisible character in it. */
export function commentText(text: string): string {
  return text
    .slice(0, MOST_DESCRIPTION_CHARS)
    .replace(/[^\P{C}\n]|[\u2028\u2029]/gu, ' ')
    .replace(/\*\//g, '* /')
    .trim();
}

type NameOf = (definition: string) => string | undefined;

function clean(given: unknown, nameOf: NameOf, level: number): JsonSchema {
  const schema = object(given);
  if (schema === undefined || level > MOST_LEVELS) return {};
  const part = (one: unknown): JsonSchema => clean(one, nameOf, level + 1);
  if (typeof schema.$ref === 'string') return reference(schema.$ref, nameOf);
  const described = typeof schema.description === 'string' ? commentText(schema.description) : '';
  const description: JsonSchema = described === '' ? {} : { description: described };
  if ('const' in schema) return { ...description, enum: [schema.const ?? null] };
  if (Array.isArray(schema.enum)) return { ...description, enum: schema.enum };
  const alternatives = ALTERNATIVES.flatMap((keyword) => {
    const list = schema[keyword];
    return Array.isArray(list) && list.length > 0 ? [[keyword, list.map(part)]] : [];
  });
  return {
    ...description,
    ...typeOf(schema),
    ...propertiesOf(schema, alternatives.length > 0, part),
    ...itemsOf(schema, part),
    ...(Object.fromEntries(alternatives) as JsonSchema),
  };
}

/** What stands beside a reference does not count, as draft 7 has it. */
function reference(to: string, nameOf: NameOf): JsonSchema {
  if (to === '#') return { $ref: '#' };
  const [, key] = LOCAL.exec(to) ?? [];
  const name = key && nameOf(decoded(key).replaceAll('~1', '/').replaceAll('~0', '~'));
  return name ? { $ref: `#/definitions/${name}` } : {};
}

function typeOf({ type, properties }: JsonSchema): JsonSchema {
  const types = [type].flat().filter((one) => typeof one === 'string' && TYPES.has(one));
  if (types.length === 0) return object(properties) === undefined ? {} : { type: 'object' };
  return { type: types.length === 1 ? (types[0] as string) : (types as string[]) };
}

function propertiesOf(schema: JsonSchema, hasAlternatives: boolean, part: (one: unknown) => JsonSchema): JsonSchema {
  const given = object(schema.properties) ?? {};
  const required = [schema.required].flat().filter((name) => typeof name === 'string');
  const names = [...new Set([...Object.keys(given), ...required])].filter((name) => name !== '__proto__').sort();
  const isObject = [schema.type].flat().includes('object') || object(schema.properties) !== undefined;
  if (!isObject && names.length === 0) return {};
  const properties = Object.fromEntries(names.map((name) => [name, part(given[name])]));
  return {
    ...(names.length > 0 && { properties }),
    ...(required.length > 0 && { required: required.filter((name) => names.includes(name)).sort() }),
    additionalProperties: othersOf(schema, names.length === 0 && !hasAlternatives, part),
  };
}

/** @param empty no property is named: then it makes a difference whether there may be others */
function othersOf(schema: JsonSchema, empty: boolean, part: (one: unknown) => JsonSchema): Json {
  const { additionalProperties, patternProperties } = schema;
  if (object(patternProperties) !== undefined) return true;
  if (object(additionalProperties) !== undefined) return part(additionalProperties);
  if (additionalProperties === true) return true;
  // `{}` would be a type of nearly everything.
  if (empty) return additionalProperties === false ? { enum: [] } : true;
  return false;
}

function itemsOf(schema: JsonSchema, part: (one: unknown) => JsonSchema): JsonSchema {
  if (![schema.type].flat().includes('array')) return {};
  const { items, prefixItems } = schema;
  const tuple = Array.isArray(prefixItems) ? prefixItems : items;
  if (!Array.isArray(tuple)) return object(items) === undefined ? {} : { items: part(items) };
  if (tuple.length === 0 || tuple.length > MOST_TUPLE_ITEMS) return {};
  const closed =
    (Array.isArray(prefixItems) ? items : schema.additionalItems) === false || schema.maxItems === tuple.length;
  return {
    items: tuple.map(part),
    minItems: tuple.length,
    ...(closed ? { maxItems: tuple.length } : { additionalItems: true }),
  };
}

function object(value: unknown): JsonSchema | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonSchema) : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
