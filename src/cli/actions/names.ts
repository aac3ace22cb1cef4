import { createHash } from 'node:crypto';

/**
 * Reserved in modules: https://tc39.es/ecma262/#prod-ReservedWord; what CommonJS gives a file
 * (https://nodejs.org/api/modules.html#the-module-wrapper); and what a file imports.
 */
const TAKEN = new Set(
  (
    'arguments as async await break case catch class const continue debugger default delete do else enum eval export ' +
    'extends false finally for from function if implements import in instanceof interface let new null package private ' +
    'protected public return static super switch this throw true try type typeof undefined var void while with yield ' +
    'exports module require defineAction'
  ).split(' '),
);

/** What no file may be called on Windows: https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/;
const PLAIN_KEY = /^[a-z0-9][a-z0-9_-]{0,59}$/;
const MOST_CHARS = 60;
const SLUG_CHARS = 40;

/** The value that goes with a type: `createContact` with `CreateContact`. */
export function valueName(type: string): string {
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
}

/** Names for types of one file, each another one; by capital and small letters alone two are not told apart. */
export class TypeNames {
  private readonly taken = new Set<string>();

  /**
   * @param from any text
   * @param endings that follow the name, and with which it must be free as well
   * @returns letters and digits, such as `CreateContact` of `create-contact`
   */
  next(from: string, endings: readonly string[] = ['']): string {
    const wanted = typeName(from);
    let name = wanted;
    const isTaken = (ending: string): boolean => this.taken.has(`${name}${ending}`.toLowerCase());
    for (let i = 2; endings.some(isTaken); i++) name = `${wanted}${i}`;
    for (const ending of endings) this.taken.add(`${name}${ending}`.toLowerCase());
    return name;
  }
}

/**
 * The file of an integration: its key where that is as good on every file system, else what is left of it, with a hash.
 * So no two keys have the same, also where capital and small letters are, and none leads elsewhere.
 */
export function fileOf(integration: string): string {
  if (PLAIN_KEY.test(integration) && !DEVICE.test(integration)) return `${integration}.ts`;
  const slug = integration
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, SLUG_CHARS);
  return `${slug || 'integration'}-${hashOf(integration)}.ts`;
}

function typeName(from: string): string {
  const plain = from.normalize('NFKD').replace(/\p{M}/gu, '');
  const words = plain.split(/[^A-Za-z0-9]+/).filter(Boolean);
  const name = words
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('')
    .replace(/\d+[a-z]/g, (match) => match.toUpperCase());
  if (name === '') return `Unnamed${hashOf(from).toUpperCase()}`;
  if (TAKEN.has(valueName(name))) return `${name}Action`;
  return (/^\d/.test(name) ? `N${name}` : name).slice(0, MOST_CHARS);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
