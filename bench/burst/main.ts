import { parseArgs } from 'node:util';
import { burstOfJoiners, burstOfRequests } from './bursts';
import { parked } from './parked';

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
  const most = numbers(values.parked);
  if (most.length > 0) console.log(await parked(most));
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
