import { sleep } from '@temporalio/workflow';
import { ensureConnection, nango } from '../../src/workflow';

/** The smallest workflow that uses us. */
export async function leaf(): Promise<void> {
  await sleep(1);
  await nango.get(await ensureConnection({ integration: 'hubspot' }), '/x');
}
