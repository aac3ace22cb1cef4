import { nangoFailure } from '../contract/errors';
import type { FromEnvironment } from '../contract/types';

/**
 * The value of a variable of this worker, which leaves the process for Nango only.
 *
 * @param field that a failure names; default: the variable
 * @throws Nango.Misconfigured if it is not set
 */
export function fromEnvironment({ fromEnv }: FromEnvironment, field = fromEnv): string {
  const value = process.env[fromEnv]?.trim();
  if (value) return value;
  throw nangoFailure('Nango.Misconfigured', { field, hint: `${fromEnv} is not set where the worker runs.` });
}
