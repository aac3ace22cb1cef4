import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import type { Machine } from './figures/sample';

const MEASURED = ['temporal-nango', '@nangohq/node', '@temporalio/worker', 'undici'];
const ROOT = join(__dirname, '../..');

/** Where this runs, and on what. @param temporal version of the server */
export function thisMachine(temporal: string): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    temporal,
    packages: Object.fromEntries(MEASURED.map((name) => [name, versionOf(name)])),
  };
}

/** Read from the file: a package need not export it. */
function versionOf(name: string): string {
  const folder = name === 'temporal-nango' ? ROOT : join(ROOT, 'node_modules', name);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return version;
}
