import type { Json } from './contract-format';

/** How an expectation of a fixture is compared with what came. */

/** One fact that differs: where in the answer, and how. */
export interface Difference {
  where: string;
  what: string;
}

const ABSENT = '<absent>';
const TYPES = ['<string>', '<number>', '<boolean>'];
const FORMS: { [name: string]: string } = {
  string: '[^]*',
  date: String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|\+00:00)`,
  uuid: '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  token: 'nango_connect_session_[0-9a-f]{64}',
  log: String.raw`\d{13}_[A-Za-z0-9]{8}`,
  challenge: '[A-Za-z0-9_-]{43}',
  origin: String.raw`http(?:://|%3A%2F%2F)[\w.]+(?:(?::|%3A)\d+)?`,
};
const FORM = new RegExp(`<(${Object.keys(FORMS).join('|')})>`);

/** @param got `undefined` for what is not there */
export function differences(want: Json, got: unknown, where = ''): Difference[] {
  const differs = [{ where: where || 'body', what: `expected ${shown(want)}, got ${shown(got)}` }];
  if (want === ABSENT) return got === undefined ? [] : differs;
  if (typeof want === 'string' && TYPES.includes(want)) return want === `<${typeof got}>` ? [] : differs;
  if (typeof want === 'string') return typeof got === 'string' && pattern(want).test(got) ? [] : differs;
  if (Array.isArray(want)) {
    if (!Array.isArray(got) || got.length !== want.length) return differs;
    return want.flatMap((one, i) => differences(one, got[i], `${where}/${i}`));
  }
  if (!isObject(want)) return want === got ? [] : differs;
  if (!isObject(got)) return differs;
  const extra = Object.keys(got).filter((key) => !Object.hasOwn(want, key));
  return [
    ...Object.entries(want).flatMap(([key, value]) => differences(value, own(got, key), `${where}/${key}`)),
    ...extra.map((key) => ({ where: `${where}/${key}`, what: `is not expected, got ${shown(got[key])}` })),
  ];
}

/** What stands at a JSON pointer; undefined for nothing. */
export function at(document: unknown, pointer: string): unknown {
  const keys = pointer.split('/').slice(1);
  return keys.reduce((place, key) => own(place, key.replace(/~1/g, '/').replace(/~0/g, '~')), document);
}

function own(place: unknown, key: string): unknown {
  if (typeof place !== 'object' || place === null || !Object.hasOwn(place, key)) return undefined;
  return (place as { [key: string]: unknown })[key];
}

function pattern(text: string): RegExp {
  const parts = text.split(FORM).map((part, i) => (i % 2 === 1 ? FORMS[part] : part.replace(/[^\w\s]/g, '\\$&')));
  return new RegExp(`^${parts.join('')}$`);
}

function isObject(value: unknown): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
