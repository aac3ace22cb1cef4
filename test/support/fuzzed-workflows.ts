import fc from 'fast-check';
import { sleep } from '@temporalio/workflow';
import { findNangoFailure } from '../../src/contract/errors';
import { badResponse, ensureConnection, nango, nangoOn, partOf, path } from '../../src/workflow';
import type { BulkInput, ConnectionRef, Nango } from '../../src/workflow';
import { ensureConnection as ensureConnectionWorkflow } from '../../src/workflows/ensure-connection-workflow';

// What users call, called with anything: in the sandbox, where a failure that is not typed stops a workflow for ever.

/** Values that no type lets through, and some that are only just wrong. */
const anything = fc.oneof(
  fc.anything({
    maxDepth: 2,
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  }),
  fc.constantFrom<unknown[]>(
    ...[undefined, null, '', ' ', ' x', 'x ', '.', '..', '\u0000', '\ud800', 'ключ', 'x'.repeat(3_000)],
    ...[NaN, Infinity, -1, 1.5, 1n, Symbol('s'), () => 1, [], {}, [5], [null], [undefined], Array(2)],
    ...['constructor', '__proto__', { constructor: 'x' }, JSON.parse('{"__proto__":{"a":1}}') as unknown],
  ),
);

/** An object of these fields, each as it should be or anything at all; now and then one field more, or none of it. */
function nearly(fields: { [field: string]: unknown }): fc.Arbitrary<unknown> {
  const record = Object.fromEntries(
    Object.entries(fields).map(([field, good]) => [
      field,
      fc.oneof({ weight: 3, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: anything }),
    ]),
  );
  const strange = fc.tuple(fc.record(record), anything).map(([given, more]) => ({ ...given, more }));
  return fc.oneof({ weight: 6, arbitrary: fc.record(record) }, strange, anything);
}

const connection = nearly({ integration: 'hubspot', connectionId: 'none' });
const options = nearly({ headers: { 'x-a': '1' }, pick: ['/a'], idempotent: true });
const call = fc.oneof(
  nearly({ method: 'POST', endpoint: '/x', headers: { 'x-a': '1' }, body: { a: 1 }, pick: ['/a'], idempotent: true }),
  nearly({ action: 'a', input: { a: 1 }, pick: ['/a'], idempotent: true, async: true, deadline: 1 }),
);
const wanted = {
  // There is no such integration: nobody is ever waited for.
  ...{ integration: 'none', endUser: { id: 'u', email: 'e', displayName: 'n' }, organization: { id: 'o' }, slot: 's' },
  ...{ scopes: ['a'], tags: { team: 'x' }, reconnect: 'c', identity: { endpoint: '/me', pointer: '/id' } },
  ...{ readsOnAccountChange: true, adopt: 'c', deadline: 1e15, ignoreCoolDown: true, taskQueue: 'nango' },
};
const place = { activity: 'a', taskQueue: 'q', input: { a: 1 }, timeoutMs: 5_000 };
const bulkOf = { connection: { integration: 'hubspot', connectionId: 'none' }, source: place, sink: place };
const lists = nearly({ paginate: { type: 'link' }, limit: 5, pick: ['/a'], from: 'x', maxPages: 1 });

const endpoint = fc.oneof(fc.constant('/x'), anything);
const TARGETS = [
  target('get', fc.tuple(connection, endpoint, options), (...given: Parameters<Nango['get']>) => nango.get(...given)),
  target('post', fc.tuple(connection, endpoint, anything, options), (...given: Parameters<Nango['post']>) =>
    nango.post(...given),
  ),
  target('put', fc.tuple(connection, endpoint, anything), (...given: Parameters<Nango['put']>) => nango.put(...given)),
  target('patch', fc.tuple(connection, endpoint, anything, options), (...given: Parameters<Nango['patch']>) =>
    nango.patch(...given),
  ),
  target('delete', fc.tuple(connection, endpoint, options), (...given: Parameters<Nango['delete']>) =>
    nango.delete(...given),
  ),
  target('proxy', fc.tuple(connection, call), (...given: Parameters<Nango['proxy']>) => nango.proxy(...given)),
  target('action', fc.tuple(connection, anything, anything, options), (...given: Parameters<Nango['action']>) =>
    nango.action(...given),
  ),
  target(
    'fanOut',
    fc.tuple(connection, fc.oneof(fc.array(call, { maxLength: 3 }), anything)),
    (...given: Parameters<Nango['fanOut']>) => nango.fanOut(...given),
  ),
  target('paginate', fc.tuple(connection, endpoint, lists), (...given: Parameters<Nango['paginate']>) =>
    nango.paginate(...given).next(),
  ),
  // Never all as it should be: nobody would serve its source.
  target('bulk', fc.tuple(nearly(bulkOf)), (given) =>
    nango.bulk({ ...(given as object), concurrency: 0 } as BulkInput),
  ),
  target('nangoOn', fc.tuple(anything, connection), (queue: string, of: ConnectionRef) =>
    nangoOn(queue).get({ ...of, connectionId: '..' }, '/x'),
  ),
  target('ensureConnection', fc.tuple(nearly(wanted)), (given) => ensureConnection(given)),
  target(
    'ensureConnectionWorkflow',
    fc.tuple(nearly({ ...wanted, calls: [{ method: 'GET', endpoint: '/x' }] })),
    (given) => ensureConnectionWorkflow(given),
  ),
  target('partOf', fc.tuple(anything, anything, anything), (...given: Parameters<typeof partOf>) => partOf(...given)),
  target('badResponse', fc.tuple(anything), (given: string) => {
    throw badResponse(given);
  }),
  target('path', fc.tuple(fc.array(fc.string()), anything), (...given: Parameters<typeof path>) => path(...given)),
];

/** A function of ours, and what it is called with, whatever its types say. */
function target(
  name: string,
  args: fc.Arbitrary<unknown[]>,
  call: (...given: never[]) => unknown,
): { name: string; args: fc.Arbitrary<never[]>; call: (...given: never[]) => unknown } {
  return { name, args: args as fc.Arbitrary<never[]>, call };
}

/** @returns what was thrown that is not of the taxonomy, and how many calls ended in how many ways */
export async function fuzzed(
  seed: number,
  rounds: number,
): Promise<{ odd: string[]; ends: { [end: string]: number } }> {
  const odd: string[] = [];
  const ends: { [end: string]: number } = {};
  for (let round = 0; round < rounds; round++) {
    // A workflow task has a second: each round is one of its own.
    await sleep(1);
    for (const { name, args, call } of TARGETS) {
      for (const given of fc.sample(args, { seed: seed + round, numRuns: 4 })) {
        const end = await endOf(() => call(...given));
        ends[end] = (ends[end] ?? 0) + 1;
        if (!end.startsWith('Nango.') && end !== 'returned')
          odd.push(`${name}: ${end} ${fc.stringify(given).slice(0, 500)}`);
      }
    }
  }
  return { odd, ends };
}

async function endOf(call: () => unknown): Promise<string> {
  try {
    await call();
    return 'returned';
  } catch (error) {
    return findNangoFailure(error)?.type ?? String(error);
  }
}
