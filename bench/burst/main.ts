import { parseArgs } from 'node:util';
import { burstOfJoiners, burstOfRequests } from './bursts';
import { parked } from './parked';

/**
 * `npm run bench:burst`: workflows of one person that join at once (`--joiners 80,200,500`), people who are asked at once
 * (`--requests 2000`), and the memory of our worker a parked request (`--parked 1000,2000`). An empty list leaves one out.
 * CPU times stand beside the others, since they do not depend on what else the machine does.
 */
const { values } = parseArgs({
  options: {
    joiners: { type: 'string', default: '80,200,500' },
    requests: { type: 'string', default: '2000' },
    parked: { type: 'string', default: '1000,2000' },
  },
});

const numbers = (list: string): number[] => list.split(',').filter(Boolean).map(Number);

async function main(): Promise<void> {
  for (const n of numbers(values.joiners)) console.log(await burstOfJoiners(n));
  for (const n of numbers(values.requests)) console.log(await burstOfRequests(n));
  const counts = numbers(values.parked);
  if (counts.length === 0) return;
  for (const kind of ['request', 'bare'] as const) console.log(await parked(kind, counts));
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
