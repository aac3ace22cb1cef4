import type { ErrorObject } from 'ajv';

/** Where an input does not fit its schema, and why: in our own words, with names and numbers of the schema's only. */
export interface Misfit {
  /** dotted, below the input: `contact.emails.0`; empty: the input itself. A key that is data is `*` */
  place: string;
  /** what follows the place in a sentence */
  why: string;
}

const MAX_NAMES = 20;
/** Longer ones, and such with other characters, are not shown. */
const NAME = /^[\w$ -]{1,64}$/;
const TYPES: { [type: string]: string } = {
  string: 'a text',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
};

/** What ajv says of a keyword that does not hold; as many of these as the keyword has. */
interface Params {
  type?: string | string[];
  limit?: number;
  comparison?: string;
  multipleOf?: number;
  format?: string;
  missingProperty?: string;
}

const WHY: { [keyword: string]: (params: Params) => string } = {
  type: ({ type = [] }) => `must be ${[type].flat().map(typeName).join(' or ')}`,
  required: () => 'is required',
  dependentRequired: () => 'is required',
  dependencies: () => 'is required',
  enum: () => 'must be one of the values that its schema lists',
  const: () => 'must be the value that its schema names',
  minimum: ({ comparison, limit }) => `must be ${comparison} ${limit}`,
  maximum: ({ comparison, limit }) => `must be ${comparison} ${limit}`,
  exclusiveMinimum: ({ comparison, limit }) => `must be ${comparison} ${limit}`,
  exclusiveMaximum: ({ comparison, limit }) => `must be ${comparison} ${limit}`,
  multipleOf: ({ multipleOf }) => `must be a multiple of ${multipleOf}`,
  minLength: ({ limit }) => `must be at least ${limit} characters`,
  maxLength: ({ limit }) => `must be at most ${limit} characters`,
  pattern: () => 'must match the pattern of its schema',
  format: ({ format }) => `must be of the format ${named(format, 'of its schema')}`,
  minItems: ({ limit }) => `must hold at least ${limit}`,
  maxItems: ({ limit }) => `must hold at most ${limit}`,
  minProperties: ({ limit }) => `must have at least ${limit} properties`,
  maxProperties: ({ limit }) => `must have at most ${limit} properties`,
  uniqueItems: () => 'must hold nothing twice',
  propertyNames: () => 'has a property of a name that does not fit',
  anyOf: () => 'must fit one of the alternatives of its schema',
  oneOf: () => 'must fit exactly one of the alternatives of its schema',
  'false schema': () => 'must not be given',
};

/**
 * What is said of the errors of one input. Of alternatives that all failed the one that came furthest says most: `address.zip`,
 * not that the address fits none.
 *
 * @param names that the schema gives to properties; other keys of the input are data
 */
export function misfitOf(errors: readonly ErrorObject[], input: unknown, names: ReadonlySet<string>): Misfit {
  let deepest: { error: ErrorObject; path: string[] } | undefined;
  for (const error of errors) {
    const path = pathOf(error);
    if (deepest === undefined || path.length >= deepest.path.length) deepest = { error, path };
  }
  if (deepest === undefined) return { place: '', why: 'does not fit its schema' };
  return { place: placeOf(deepest.path, input, names), why: whyOf(deepest.error) };
}

function pathOf({ instancePath, params }: ErrorObject): string[] {
  const path = instancePath.split('/').slice(1);
  const { missingProperty } = params as Params;
  const keys = path.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  return missingProperty === undefined ? keys : [...keys, missingProperty];
}

/** An index is one only in a list: `{ "447700900123": … }` is data. */
function placeOf(path: string[], input: unknown, names: ReadonlySet<string>): string {
  let at = input;
  const shown: string[] = [];
  for (const key of path) {
    const known = Array.isArray(at) || (names.has(key) && NAME.test(key));
    shown.push(known ? key : '*');
    at = typeof at === 'object' && at !== null ? (at as { [key: string]: unknown })[key] : undefined;
  }
  return shown.join('.');
}

function whyOf({ keyword, params, parentSchema }: ErrorObject): string {
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') return nothingBut(parentSchema);
  const why = Object.hasOwn(WHY, keyword) ? WHY[keyword] : undefined;
  return why === undefined ? 'does not fit its schema' : why(params as Params);
}

/** The name of a property that does not belong there is the caller's, and may be data. */
function nothingBut(schema: ErrorObject['parentSchema']): string {
  const names = Object.keys((schema?.properties ?? {}) as object).filter((name) => NAME.test(name));
  if (names.length === 0 || names.length > MAX_NAMES) return 'has a property that its schema does not name';
  return `must hold nothing but ${names.join(', ')}`;
}

function typeName(type: string): string {
  return TYPES[type] ?? 'of another type';
}

function named(name: string | undefined, otherwise: string): string {
  return name !== undefined && NAME.test(name) ? name : otherwise;
}
