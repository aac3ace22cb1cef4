import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// The tables hold every recorded error: each fails when an error of its file has no expectation, this one when a file
// has no table.

const FOLDER = join(__dirname, '../fixtures/nango-errors');
const tables = readdirSync(__dirname)
  .filter((name) => /^classify-.+\.test\.ts$/.test(name))
  .map((name) => readFileSync(join(__dirname, name), 'utf8'));

test.each(readdirSync(FOLDER))('%s has a table', (file) => {
  const imported = new RegExp(`import (\\w+) from '.*/nango-errors/${file}'`);
  expect(tables.some((text) => text.includes(`testRecorded(${imported.exec(text)?.[1]}, `))).toBe(true);
});
