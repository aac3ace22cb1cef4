#!/usr/bin/env node
/**
 * Says which sentences of Nango's skill for agents have no row in `docs/skill.md`. The skill is Nango's and is not a part
 * of this repository: `test/fixtures/skill.json` has the digest of each of its sentences, and the number of its row.
 *
 *   node scripts/skill.mjs FILE            fails if a sentence has no row, or a digest no sentence
 *   node scripts/skill.mjs FILE --digests  writes digest and sentence of each, to make the fixture anew
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [file, flag] = process.argv.slice(2);
if (file === undefined) {
  console.error('Usage: node scripts/skill.mjs FILE [--digests]');
  process.exit(2);
}

/** A heading, a line of an example and a point of a list are sentences too. */
const sentences = readFileSync(file, 'utf8')
  .split('\n')
  .flatMap((line) => line.split(/(?<=[.!?])\s+(?=[A-Z])/))
  .map((sentence) => sentence.replace(/\s+/g, ' ').trim())
  .filter((sentence) => /\w/.test(sentence));
const digestOf = (sentence) => createHash('sha256').update(sentence).digest('hex').slice(0, 16);

if (flag === '--digests') {
  for (const sentence of sentences) console.log(digestOf(sentence), sentence);
} else {
  const known = JSON.parse(readFileSync(new URL('../test/fixtures/skill.json', import.meta.url), 'utf8'));
  const digests = new Set(known.map(({ digest }) => digest));
  const there = new Set(sentences.map(digestOf));
  const without = sentences.filter((sentence) => !digests.has(digestOf(sentence)));
  const gone = known.filter(({ digest }) => !there.has(digest));
  for (const sentence of without) console.error(`No row: ${sentence}`);
  for (const { row } of gone) console.error(`Gone, of row ${row}`);
  if (without.length + gone.length > 0) process.exitCode = 1;
}
