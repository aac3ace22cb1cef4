import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the package. */
export const ROOT = join(__dirname, '../..');

export function readRoot(name: string): string {
  return readFileSync(join(ROOT, name), 'utf8');
}
