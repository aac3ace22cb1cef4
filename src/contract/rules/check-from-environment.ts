import { checkFields } from './check-shape';
import { invalid } from '../errors';
import type { FromEnvironment } from '../types';

const VARIABLE = /^[A-Z][A-Z0-9_]{0,99}$/;
/** What a worker reads itself is nobody's app: nothing of it is sent to where an integration keeps its secret. */
const OWN_VARIABLE = /^(NANGO|TEMPORAL)_/;

/** The name of a variable of the worker, and never a secret. @throws Nango.InvalidRequest naming the field */
export function checkFromEnvironment(value: unknown, field: string): asserts value is FromEnvironment {
  checkFields(value, field, ['fromEnv']);
  const { fromEnv } = value;
  if (typeof fromEnv !== 'string' || !VARIABLE.test(fromEnv)) {
    throw invalid(`${field}.fromEnv`, 'must be the name of a variable: capitals, digits and _, 100 at most');
  }
  if (OWN_VARIABLE.test(fromEnv)) throw invalid(`${field}.fromEnv`, 'must not begin with NANGO_ or TEMPORAL_');
}
