import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyFromJson } from './proto-json';

/** Where the recordings are. */
const FOLDER = join(__dirname, 'recordings');

export function fileOf(name: string): string {
  return join(FOLDER, `${name}.json`);
}

/** Names of the recordings that are there. */
export function recorded(): string[] {
  return readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));
}

export function textOf(name: string): string {
  return readFileSync(fileOf(name), 'utf8');
}

export function readHistory(name: string) {
  return historyFromJson(JSON.parse(textOf(name)));
}
