import { invalid, nangoFailure } from '../../contract/errors';
import { DEFAULT_TASK_QUEUE } from '../../contract/names';
import { checkConnection } from '../../contract/rules/healing';
import { readValue } from '../../contract/rules/read-value';
import type {
  ActionCall,
  ActionDefinition,
  ActionOptions,
  ConnectionRef,
  DefinedAction,
  Json,
} from '../../contract/types';
import { oneCall } from './calls';

/**
 * A deployed action as a function with types. `temporal-nango actions generate` writes these for all that are deployed.
 * Where Nango has a JSON schema of the input, the worker holds it to that before the call.
 *
 * @param definition a schema in it is workflow code: it reads values at once, and the same way when a history is replayed
 * @example
 * ```ts
 * const createContact = defineAction<{ email: string }, { id: string }>({ integration: 'hubspot', name: 'create-contact' });
 * const { id } = await createContact(hubspot, { email: 'ann@example.com' });
 * await nango.fanOut(hubspot, emails.map((email) => createContact.call({ email })));
 * ```
 */
export function defineAction<Input = Json | undefined, Output = Json>(
  definition: ActionDefinition<Input, Output>,
): DefinedAction<Input, Output> {
  return actionOn(definition, DEFAULT_TASK_QUEUE);
}

function actionOn<Input, Output>(
  definition: ActionDefinition<Input, Output>,
  taskQueue: string,
): DefinedAction<Input, Output> {
  const { integration, name } = definition;
  const call = (input: unknown, options?: ActionOptions): ActionCall => {
    const read = readValue(definition.input, input, (place, why) => invalid(['input', ...place].join('.'), why));
    return { ...options, action: name, input: read as Json };
  };
  const run = async (connection: ConnectionRef, input: unknown, options?: ActionOptions): Promise<unknown> => {
    checkConnection(connection);
    if (connection.integration !== integration) {
      throw invalid('connection.integration', 'must be the one that the action is deployed to');
    }
    const { status, data } = await oneCall(connection, call(input, options), taskQueue);
    if (options?.pick !== undefined) return data;
    // Nothing of what came back may be in it, not even where in it something is wrong.
    return readValue(definition.output, data, () =>
      nangoFailure('Nango.BadResponse', { status, hint: 'The output does not fit its schema.' }),
    );
  };
  const on = (queue: string): DefinedAction<Input, Output> => actionOn(definition, queue);
  // A function has a name of its own, which cannot be assigned to.
  const parts = Object.entries({ integration, name, call, on });
  const properties = Object.fromEntries(parts.map(([key, value]) => [key, { value, enumerable: true }]));
  return Object.defineProperties(run, properties) as unknown as DefinedAction<Input, Output>;
}
