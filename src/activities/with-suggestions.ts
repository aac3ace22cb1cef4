import { Context } from '@temporalio/activity';
import { detailsOf, findNangoFailure, nangoFailure } from '../contract/errors';
import type { NangoFailure } from '../contract/errors';
import type { Call } from '../contract/types';
import { suggestionsFor } from '../nango/suggestions';
import type { ActivityDependencies } from './context';

/** A failure waits so long for the names that may have been meant. */
const FOR_NAMES_MS = 3_000;

/** What a failure may say that there is not. */
interface Named {
  /** the integration */
  connection: { integration: string };
  /** where it is one: an action is named by it */
  call?: Call;
}

/**
 * Carries something out; the failure of what names an integration or action that there is not gets the names that may have been meant.
 * What keeps those from being read must not hide it: a key that may not read them, or Nango being down.
 */
export async function withSuggestions<T>(
  { inventory }: Pick<ActivityDependencies, 'inventory'>,
  { connection, call }: Named,
  work: Promise<T>,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const failure = findNangoFailure(error);
    if (failure === undefined) throw error;
    throw await suggesting(inventory, connection.integration, call, failure).catch(() => error);
  }
}

async function suggesting(
  inventory: ActivityDependencies['inventory'],
  integration: string,
  call: Call | undefined,
  failure: NangoFailure,
): Promise<unknown> {
  const { cancellationSignal } = Context.current();
  const waiting = { signal: AbortSignal.any([cancellationSignal, AbortSignal.timeout(FOR_NAMES_MS)]) };
  switch (failure.type) {
    case 'Nango.IntegrationNotFound': {
      const all = await inventory.integrations(false, waiting);
      const keys = all.map(({ key }) => key);
      return withNames(failure, integration, keys);
    }
    case 'Nango.ActionNotFound': {
      const all = await inventory.functionsOf(integration, false, waiting);
      const callable = all.filter(({ kind, enabled }) => kind === 'action' && enabled);
      const names = callable.map(({ name }) => name);
      return withNames(failure, call !== undefined && 'action' in call ? call.action : '', names);
    }
    default:
      return failure;
  }
}

function withNames(failure: NangoFailure, name: string, names: string[]): unknown {
  const nonRetryable = failure.nonRetryable ?? true;
  return nangoFailure(failure.type, { ...detailsOf(failure), nonRetryable, ...suggestionsFor(name, names) });
}

/** The names that may have been meant by an integration that there is not, as its outcomes have them; nothing if none can be read. */
export async function integrationsMeant(
  { inventory }: Pick<ActivityDependencies, 'inventory'>,
  integration: string,
): Promise<string[] | undefined> {
  const failure = findNangoFailure(
    await suggesting(
      inventory,
      integration,
      undefined,
      nangoFailure('Nango.IntegrationNotFound') as NangoFailure,
    ).catch(() => undefined),
  );
  return failure && detailsOf(failure).suggestions;
}
