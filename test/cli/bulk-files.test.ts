import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { CallsFile } from '../../src/cli/bulk/calls-file';
import { removeFailed, ResultsFile } from '../../src/cli/bulk/results-file';
import { mayRunAgain } from '../../src/cli/bulk/run-again';
import { lock } from '../../src/cli/bulk/run-file';
import type { BulkOutcome, Call } from '../../src/contract/types';

// The files of `temporal-nango bulk`, without a run.

const folder = mkdtempSync(join(tmpdir(), 'bulk-files-'));
let files = 0;
const newPath = (): string => join(folder, `${files++}.jsonl`);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const get = (i: number): Call => ({ method: 'GET', endpoint: `/${i}` });
const good = (index: number): BulkOutcome => ({ index, outcome: { ok: true, status: 200, data: { index } } });

/** Everything that the source hands out, page by page. */
async function read(text: string | Buffer, isDone: (index: number) => boolean = () => false) {
  const path = newPath();
  writeFileSync(path, text);
  const file = await CallsFile.open(path);
  const calls: (Call | null)[] = [];
  const pages: number[] = [];
  let cursor: { offset: number; index: number } | undefined;
  do {
    const page = await file.page(cursor, isDone);
    calls.push(...page.calls);
    pages.push(page.calls.length);
    cursor = page.next as typeof cursor;
  } while (cursor !== undefined);
  const lines = calls.map((_, index) => file.lineOf(index));
  const { total } = file;
  await file.close();
  return { calls, lines, pages, total };
}

test('a mark of the byte order, CRLF, blank lines and a last line without an end are no calls', async () => {
  const text = `\ufeff${JSON.stringify(get(0))}\r\n\r\n  \n${JSON.stringify(get(1))}\n\n${JSON.stringify(get(2))}`;
  expect(await read(text)).toEqual({ calls: [0, 1, 2].map(get), lines: [1, 4, 6], pages: [3], total: 3 });
});

test('a line that is no JSON, null, or of 1 MB stands in its place as what is no call', async () => {
  const long = JSON.stringify({ ...get(1), headers: { x: 'y'.repeat(1024 * 1024) } });
  const { calls, total } = await read(
    [JSON.stringify(get(0)), '{"method":', 'null', long, JSON.stringify(get(4))].join('\n'),
  );
  const none = 'not a call';
  expect(calls).toEqual([get(0), none, none, none, get(4)]);
  expect(total).toBe(5);
});

test('pages hold at most 500 calls that are to be made, and what is done is passed over', async () => {
  const text = Array.from({ length: 3_000 }, (_, i) => JSON.stringify(get(i))).join('\n');
  expect((await read(text)).pages).toEqual([500, 500, 500, 500, 500, 500]);
  const { calls, pages } = await read(text, (index) => index !== 2_999);
  expect(pages).toEqual([3_000]);
  expect(calls.filter((call) => call !== null)).toEqual([get(2_999)]);
});

test('large calls make small pages', async () => {
  const body = { x: 'y'.repeat(200_000) };
  const text = Array.from({ length: 9 }, (_, i) => JSON.stringify({ method: 'POST', endpoint: `/${i}`, body })).join(
    '\n',
  );
  expect((await read(text)).pages).toEqual([3, 3, 3]);
});

test('whatever a file is made of, each of its lines that is not blank has one place, in order', async () => {
  const line = fc.oneof(
    fc.nat().map((i) => JSON.stringify(get(i))),
    fc.constantFrom('', ' ', '\t', '{', 'null', '"x"', '[1]', 'é', '\u2028'),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 40 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      async (all, end, bom) => {
        const { total, lines } = await read(`${bom ? '\ufeff' : ''}${all.join(end)}`);
        const expected = all.flatMap((text, i) => (text.trim() === '' ? [] : [i + 1]));
        expect(lines).toEqual(expected);
        expect(total).toBe(expected.length);
      },
    ),
    { numRuns: 60 },
  );
});

const TOTAL = 50;
const open = (path: string): Promise<ResultsFile> => ResultsFile.open(path, TOTAL, (index) => index + 1);
const indexesIn = (path: string): number[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((text) => (JSON.parse(text) as { index: number }).index);

test('a result is a line with index, line and outcome', async () => {
  const path = newPath();
  const results = await open(path);
  await results.add([
    good(3),
    { index: 1, outcome: { ok: false, error: { type: 'Nango.ProviderRejected', status: 404 } } },
  ]);
  await results.close();
  expect(readFileSync(path, 'utf8')).toBe(
    '{"index":3,"line":4,"ok":true,"status":200,"data":{"index":3}}\n' +
      '{"index":1,"line":2,"ok":false,"error":{"type":"Nango.ProviderRejected","status":404}}\n',
  );
});

test('whatever is written how often at a time, and wherever a death cuts the file, each index is in it once and none is lost', async () => {
  const piece = fc.array(fc.nat({ max: TOTAL - 1 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(piece, { maxLength: 4 }), { maxLength: 4 }), fc.nat(), async (lives, cut) => {
      const path = newPath();
      const promised = new Set<number>();
      for (const pieces of lives) {
        const results = await open(path);
        for (const index of promised) expect(results.has(index)).toBe(true);
        // Two attempts of a sink may be under way at once.
        await Promise.all(pieces.map((indexes) => results.add(indexes.map(good))));
        for (const index of pieces.flat()) promised.add(index);
        await results.close();
        // It dies in the middle of a write that nobody was promised.
        const next = `${JSON.stringify({ index: 1, line: 2, ok: true, status: 200, data: 'x' })}\n`;
        appendFileSync(path, next.slice(0, cut % next.length));
      }
      await (await open(path)).close();
      const indexes = indexesIn(path);
      expect(new Set(indexes).size).toBe(indexes.length);
      expect(new Set(indexes)).toEqual(promised);
    }),
    // The last: all of a line but its end.
    { numRuns: 60, examples: [[[[]], 54]] },
  );
});

test.each([
  ['a text', 'dear diary\n'],
  ['a line of another file', '{"index":50,"line":51,"ok":true,"status":200,"data":1}\n'],
  ['half a line with results behind it', '{"index":0,"li\n{"index":1,"line":2,"ok":true,"status":200,"data":1}\n'],
])('%s is refused, and left as it is', async (_, text) => {
  const path = newPath();
  writeFileSync(path, text);
  await expect(open(path)).rejects.toMatchObject({ type: 'Cli.Usage' });
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('a disk without room rejects, changes nothing, and takes the same later', async () => {
  const path = newPath();
  const file = await open(path);
  await file.add([good(0)]);
  const inner = (file as unknown as { file: { write: (...args: unknown[]) => Promise<{ bytesWritten: number }> } })
    .file;
  const write = inner.write.bind(inner);
  let calls = 0;
  inner.write = async (buffer, from, length, position) => {
    if (calls++ > 0) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    return await write(buffer, from, Math.min(length as number, 10), position);
  };
  await expect(file.add([good(1), good(2)])).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(indexesIn(path)).toEqual([0]);
  expect(file.has(1)).toBe(false);
  inner.write = write;
  await file.add([good(1), good(2)]);
  await file.close();
  expect(indexesIn(path)).toEqual([0, 1, 2]);
});

test('failed results are taken out, and nothing else', async () => {
  const path = newPath();
  const results = await open(path);
  const error = { type: 'Nango.ProviderUnavailable' };
  await results.add([
    good(0),
    { index: 1, outcome: { ok: false, error } },
    { index: 2, outcome: { ok: false, error } },
  ]);
  await results.close();
  expect(await removeFailed(path, TOTAL, (index) => index === 2)).toBe(1);
  expect(indexesIn(path)).toEqual([0, 2]);
});

test.each<[string, Call, string, boolean]>([
  ['a read', get(1), 'Nango.ProviderUnavailable', true],
  ['a write that the provider refused', { method: 'POST', endpoint: '/' }, 'Nango.ProviderRejected', true],
  ['a write that lacked scopes', { method: 'POST', endpoint: '/' }, 'Nango.ScopesMissing', true],
  ['a write of unknown outcome', { method: 'POST', endpoint: '/' }, 'Nango.OutcomeUnknown', false],
  ['a write whose response was no good', { method: 'POST', endpoint: '/' }, 'Nango.BadResponse', false],
  ['an action that failed on its way', { action: 'a' }, 'Nango.ActionFailed', false],
  ['an idempotent write', { method: 'POST', endpoint: '/', idempotent: true }, 'Nango.BadResponse', true],
])('whether %s may be made again', (_, call, type, again) => {
  expect(mayRunAgain(call, { type })).toBe(again);
});

test.each([
  [302, false],
  [303, false],
  [307, false],
  [400, true],
])('a write that the provider has answered with %s may be made again: %s', (status, again) => {
  expect(mayRunAgain({ method: 'POST', endpoint: '/' }, { type: 'Nango.ProviderRejected', status })).toBe(again);
});

test('one process at a time has the results; one that is gone has left them', async () => {
  const out = newPath();
  writeFileSync(`${out}.lock`, '1');
  await expect(lock(out)).rejects.toMatchObject({ type: 'Cli.Usage' });
  writeFileSync(`${out}.lock`, '999999999');
  const unlock = await lock(out);
  expect(readFileSync(`${out}.lock`, 'utf8')).toBe(String(process.pid));
  await unlock();
  await (
    await lock(out)
  )();
});
