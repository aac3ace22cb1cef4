import { invalid, nangoFailure } from '../../contract/errors';
import { DAY_MS, MAX_WAIT_MS } from '../../contract/limits';
import type { ConnectionRequest } from '../../requests/connection-request';
import type { NangoConfig } from '../../config';
import type { Form } from '../read-form';
import { updateScopes } from './update-scopes';

export const MAX_DAYS = MAX_WAIT_MS / DAY_MS;

/** What an operator does to a request; the name of what was done is a key of the texts. */
export interface Operation {
  done:
    | 'reminded'
    | 'extended'
    | 'declined'
    | 'cancelled'
    | 'decided'
    | 'chosen'
    | 'updated'
    | 'ownerConfirmed'
    | 'ownerRefused';
  /** @throws what the request refuses, Nango.InvalidRequest for a form that was not ours */
  run(request: ConnectionRequest, form: Form, by: string, config: NangoConfig): Promise<void>;
}

/** By the last part of the path that they are posted to. */
export const OPERATIONS = {
  remind: { done: 'reminded', run: (request, _, by) => request.remind({ by }) },
  extend: { done: 'extended', run: (request, form, by) => request.extend(readDeadline(form), { by }) },
  decline: { done: 'declined', run: (request, _, by) => request.decline({ by }) },
  cancel: { done: 'cancelled', run: (request, _, by) => request.cancelForAll({ by }) },
  'update-scopes': { done: 'updated', run: (request, form, by, config) => updateScopes(config, request, form, by) },
  'scopes-updated': { done: 'updated', run: (request, _, by) => request.scopesUpdated({ by }) },
  'confirm-owner': {
    done: 'ownerConfirmed',
    run: (request, form, by) => request.confirmOwner(form['link'] ?? '', { by }),
  },
  'refuse-owner': {
    done: 'ownerRefused',
    run: (request, form, by) => request.refuseOwner(form['link'] ?? '', { by }),
  },
  decide: { done: 'decided', run: decideAccount },
  choose: { done: 'chosen', run: (request, form, by) => request.choose(form['connection'] ?? '', { by }) },
} as const satisfies Record<string, Operation>;

/** A page may have been open for long: its answer is to what it has asked, and its yes to the account that it has named. */
async function decideAccount(request: ConnectionRequest, form: Form, by: string): Promise<void> {
  const choice = readChoice(form);
  const { found } = form;
  if (found !== undefined) {
    const { question } = await request.view();
    const accountChange = question?.accountChange;
    const isAnother = choice === 'yes' && accountChange?.found !== found;
    if (question !== undefined && (accountChange === undefined || isAnother)) {
      throw nangoFailure('Nango.InvalidRequest', { reason: 'no_open_question' });
    }
  }
  await request.decide(choice, { by });
}

function readDeadline({ days }: Form): number {
  const n = /^\d{1,3}$/.test(days ?? '') ? Number(days) : 0;
  if (n < 1 || n > MAX_DAYS) throw invalid('until', `must be 1 to ${MAX_DAYS} days from now`);
  return Date.now() + n * DAY_MS;
}

function readChoice({ choice }: Form): 'yes' | 'no' {
  if (choice !== 'yes' && choice !== 'no') throw invalid('choice', 'must be yes or no');
  return choice;
}
