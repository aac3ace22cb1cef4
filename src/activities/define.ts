import type { z } from 'zod';
import type { NangoActivities } from '../contract/activities';
import { invalid } from '../contract/errors';
import type { ActivityDependencies } from './context';

/** Activities by their names, each to be made with what it needs. */
export type ActivityDefinitions<Names extends keyof NangoActivities = keyof NangoActivities> = {
  [Name in Names]: (dependencies: ActivityDependencies) => NangoActivities[Name];
};

type InputOf<Name extends keyof NangoActivities> = Parameters<NangoActivities[Name]>[0];

/**
 * One activity. Anybody may start it, with anything: nothing is run before its input has the form and keeps the rules.
 *
 * @param schema the form of the input
 * @param check the rules of the contract, the same that workflow code keeps before it schedules the activity; they throw
 *   Nango.InvalidRequest, as a wrong form does
 */
export function defineActivity<Name extends keyof NangoActivities>(
  name: Name,
  schema: z.ZodType<InputOf<Name>>,
  check: (input: InputOf<Name>) => void,
  run: (input: InputOf<Name>, dependencies: ActivityDependencies) => ReturnType<NangoActivities[Name]>,
): ActivityDefinitions<Name> {
  const define = (dependencies: ActivityDependencies) => async (given: unknown) => {
    const input = parse(schema, given);
    check(input);
    return await run(input, dependencies);
  };
  return { [name]: define } as unknown as ActivityDefinitions<Name>;
}

function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error.issues[0]?.path.join('.') || 'input', 'has the wrong shape');
}
