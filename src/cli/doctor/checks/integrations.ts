import { z } from 'zod';
import { parseJson } from '../../../nango/management-api';
import { ok, warning } from '../check';
import type { Check } from '../check';
import { keyAcceptedCheck } from './key-accepted';

const listSchema = z.looseObject({ data: z.array(z.unknown()) });

/** Whether there is anything to connect. */
export const integrationsCheck: Check = {
  name: 'integrations',
  after: [keyAcceptedCheck],
  async run({ integrations }) {
    const { outcome } = await integrations();
    const listed = outcome.kind === 'response' ? listSchema.safeParse(parseJson(outcome.body)).data : undefined;
    if (listed === undefined) return ok('Not listed: the key may not, or Nango does not say now.');
    const { length } = listed.data;
    if (length > 0) return ok(`There ${length === 1 ? 'is one' : `are ${length}`}.`);
    return warning(
      'The Nango environment has no integration: nothing can be connected.',
      'Set one up with `temporal-nango integrations add <provider>`, where the worker runs.',
    );
  },
};
