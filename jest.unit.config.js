const { readdirSync, readFileSync, existsSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');
const everyday = require('./jest.config.js');

const TESTS = join(__dirname, 'test');
/** A test that reaches one of these by its imports starts a server, a browser or a program. */
const HEAVY = /^(node:child_process|@temporalio\/(testing|worker)|playwright-core|.*\/src\/dev\/(binaries|run|pip))$/;
/** It reads what was built. */
const BUILT = /'lib\//;

const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).map((name) => join(TESTS, name));

/** What a text imports that is no type. */
function importsOf(text) {
  return [...text.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\(|\brequire\.resolve\()\s*'([^']+)'/g)].map(
    ([, name]) => name,
  );
}

/** Whether nothing heavy is reached from a test, by way of the files of `test/` that it imports. */
function isLight(file, seen = new Set()) {
  if (seen.has(file)) return true;
  seen.add(file);
  const text = readFileSync(file, 'utf8').replace(/\bimport type\b[^;]*;/g, '');
  return (
    !BUILT.test(text) &&
    importsOf(text).every((name) => {
      if (HEAVY.test(name)) return false;
      if (!name.startsWith('.')) return true;
      const path = join(dirname(file), name);
      const found = [path, `${path}.ts`, `${path}.js`].find((one) => /\.[jt]s$/.test(one) && existsSync(one));
      return found === undefined || relative(TESTS, found).startsWith('..') || isLight(found, seen);
    })
  );
}

/** The tests that need no server, no browser and no package: told by their imports, so that no list has to be kept. */
module.exports = {
  ...everyday,
  roots: ['<rootDir>/test'],
  testMatch: files.filter((file) => /\.test\.ts$/.test(file) && !/[\\/]long[\\/]/.test(file) && isLight(file)),
  globalSetup: undefined,
  setupFiles: [...everyday.setupFiles, '<rootDir>/test/support/no-programs.js'],
};
