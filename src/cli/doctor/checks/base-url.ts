import { z } from 'zod';
import { parseJson } from '../../../nango/management-api';
import type { HttpResponse } from '../../../nango/http/outcome';
import { failed, ok } from '../check';
import type { Check, Finding } from '../check';
import { verdictOf } from '../verdict';
import { settingsCheck } from './settings';

const integrationsSchema = z.looseObject({ data: z.array(z.looseObject({ unique_key: z.string() })) });

const FIX =
  "`export NANGO_SERVER_URL=<the address of your Nango's API>`, or leave it out for Nango's cloud: `unset NANGO_SERVER_URL` (look into .env too).";

/** Whether it is Nango that answers: with the list that was asked for, or with a refusal in its own words. */
export const baseUrlCheck: Check = {
  name: 'base URL',
  after: [settingsCheck],
  async run({ settings, integrations, now }) {
    const { baseUrl } = settings();
    const { outcome } = await integrations();
    if (outcome.kind === 'networkError') return failed(`Nobody answers at ${baseUrl} (${outcome.code}).`, FIX);
    const verdict = verdictOf(outcome, now());
    // Each of these is told by a code that no other server has.
    const refused = ['Nango.Misconfigured', 'Nango.Forbidden', 'Nango.RateLimited'].includes(verdict?.type ?? '');
    if (verdict === undefined ? isList(outcome) : refused && verdict.code !== undefined) {
      return ok(`Nango answers at ${baseUrl}.`);
    }
    return outcome.status >= 500 ? down(baseUrl, outcome) : failed(`What answers at ${baseUrl} is not Nango.`, FIX);
  },
};

function isList({ body }: HttpResponse): boolean {
  return integrationsSchema.safeParse(parseJson(body)).success;
}

function down(baseUrl: string, { status }: HttpResponse): Finding {
  return failed(
    `The server at ${baseUrl} fails (${status}).`,
    `If it is Nango, wait until it is up again. If not: ${FIX}`,
  );
}
