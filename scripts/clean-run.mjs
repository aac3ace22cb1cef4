#!/usr/bin/env node
/**
 * Runs a shell command as on a new machine: in a copy of the committed tree, with an empty HOME, empty caches, a temp
 * folder outside any tree, and nothing in the environment but PATH and how registries are reached and trusted.
 *
 *   node scripts/clean-run.mjs 'npm ci && npm test'
 *
 * Ends with the command's exit code, 128 and the signal's number if a signal ended it, or 2 if it did not begin.
 */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { registrySettings } from './registry-settings.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const [command, ...more] = process.argv.slice(2);
if (!command || more.length > 0) refuse("Usage: node scripts/clean-run.mjs 'COMMAND'");

const base = realpathSync(mkdtempSync(join(tmpdir(), 'clean-run-')));
// A test runs programs as nobody, who has to reach them.
chmodSync(base, 0o755);
process.once('exit', () => rmSync(base, { recursive: true, force: true, maxRetries: 3 }));

for (let above = dirname(base); ; above = dirname(above)) {
  const modules = join(above, 'node_modules');
  if (existsSync(modules)) refuse(`No node_modules may stand above the folder of a clean run, and ${modules} does.`);
  if (above === dirname(above)) break;
}

const [tree, home, temp] = ['tree', 'home', 'temp'].map((name) => join(base, name));
for (const folder of [tree, home, temp]) mkdirSync(folder);
const archive = join(base, 'tree.tar');
// Whoever owns ROOT, it is ours to read.
copy('git', '-C', ROOT, '-c', 'safe.directory=*', 'archive', '--output', archive, 'HEAD');
copy('tar', '-xf', archive, '-C', tree);
rmSync(archive);
// Tests ask git which files are tracked.
copy('git', 'init', '--quiet', tree);
copy('git', '-C', tree, 'add', '--all');

// Before it begins: it may be interrupted as soon as it has.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => endGroup(signal));
const child = spawn('/bin/sh', ['-c', command], {
  cwd: tree,
  env: {
    ...registrySettings(process.env),
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: home,
    TMPDIR: temp,
  },
  stdio: ['ignore', 'inherit', 'inherit'],
  // A group of its own, so that what it has started can be ended with it.
  detached: true,
});
child.once('error', (error) => refuse(String(error)));
child.once('close', (code, signal) => {
  // Whatever it has left running would hold on to the folder.
  endGroup('SIGKILL');
  process.exit(code ?? 128 + constants.signals[signal]);
});

function copy(program, ...args) {
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) refuse(`The committed tree of ${ROOT} could not be copied: ${error ?? `${program} failed`}.`);
}

function endGroup(signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // All of it has ended.
  }
}

function refuse(why) {
  console.error(why);
  process.exit(2);
}
