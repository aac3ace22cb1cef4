import type { Client } from '@temporalio/client';
import { HOLDS } from '../contract/names';
import { holdsId } from '../contract/request-id';
import { holdsViewSchema } from '../contract/schemas/holds';
import type { HoldsView } from '../contract/types';
import { describeWorkflow } from './describe-workflow';
import { withTypedFailures } from './typed-failures';

/** Where nothing runs, nothing is held. */
const NOTHING: HoldsView = { held: [] };
/** Of holds that do not say what they hold. */
const ALL: HoldsView = { held: [], all: true };

/** What is held in an environment. @throws Nango.TemporalUnavailable */
export async function readHolds(client: Client, environment: string): Promise<HoldsView> {
  const described = await withTypedFailures(() => describeWorkflow(client, holdsId(environment)));
  if (described?.status.name !== 'RUNNING') return NOTHING;
  const view = holdsViewSchema.safeParse(described.memo?.[HOLDS]);
  return view.success ? view.data : ALL;
}
