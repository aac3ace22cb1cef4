import type { Client } from '@temporalio/client';
import { historyOf } from '../../src/requests/history';

// Pages of a history that do not fit into a message of gRPC's: a client in whose place a function decides.

const EVENTS = 100;
const MB = 1024 * 1024;

/** @param refuse throws what the server refuses a page of so many events with */
function clientOf(sizes: number[], refuse: (size: number) => void): Client {
  const describe = () => Promise.resolve({ historySize: 6 * MB, historyLength: EVENTS });
  const read = ({
    maximumPageSize: size,
    nextPageToken: token,
  }: {
    maximumPageSize: number;
    nextPageToken?: Buffer;
  }) => {
    sizes.push(size);
    refuse(size);
    const from = Number(token?.toString() ?? 0);
    const to = Math.min(from + size, EVENTS);
    const events = Array.from({ length: to - from }, (_, i) => ({ eventId: from + i + 1 }));
    return { history: { events }, nextPageToken: Buffer.from(to < EVENTS ? String(to) : '') };
  };
  return {
    options: { namespace: 'default' },
    workflow: { getHandle: () => ({ describe }) },
    withDeadline: async (_deadline: number, call: () => Promise<unknown>) => await call(),
    workflowService: {
      getWorkflowExecutionHistory: async (request: Parameters<typeof read>[0]) => await Promise.resolve(read(request)),
    },
  } as unknown as Client;
}

async function idsOf(client: Client): Promise<number[]> {
  const ids: number[] = [];
  for await (const { eventId } of historyOf(client, 'w', 'r')) ids.push(Number(eventId));
  return ids;
}

const refusal = (code: number) => Object.assign(new Error('refused'), { code });

test.each([
  ['RESOURCE_EXHAUSTED', 8],
  ['DEADLINE_EXCEEDED', 4],
  ['CANCELLED', 1],
])('a page that ends as %s is read in smaller ones', async (_, code) => {
  const sizes: number[] = [];
  const client = clientOf(sizes, (size) => {
    if (size > 2) throw refusal(code);
  });
  expect(await idsOf(client)).toEqual(Array.from({ length: EVENTS }, (_event, i) => i + 1));
  expect(sizes[0]).toBeGreaterThan(2);
  expect(sizes.slice(1).every((size) => size <= 2)).toBe(true);
});

test('what else goes wrong is not tried again, nor is one event alone', async () => {
  const sizes: number[] = [];
  const denied = clientOf(sizes, () => {
    throw refusal(7);
  });
  await expect(idsOf(denied)).rejects.toThrow('refused');
  expect(sizes).toHaveLength(1);
  sizes.length = 0;
  const cancelled = clientOf(sizes, () => {
    throw refusal(1);
  });
  await expect(idsOf(cancelled)).rejects.toThrow('refused');
  expect(sizes.at(-1)).toBe(1);
  expect(sizes.length).toBeLessThan(5);
});
