import { Ajv } from 'ajv';
import type { ErrorObject, Options, ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019';
import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { JsonSchema } from '../../contract/types';
import { misfitOf } from './misfit';
import type { Misfit } from './misfit';
import { timeBoxed } from './time-boxed';

/** A larger one is not compiled, which takes its process some ten milliseconds for so much. */
const MAX_SCHEMA_CHARS = 256_000;
const COMPILE_MS = 1_000;
const CHECK_MS = 250;
/** 19.99 is a multiple of 0.01, and divided by it 1998.9999999999998: so far from a whole number is whole. */
const MULTIPLE_DIGITS = 6;

/**
 * Nothing is changed in an input. What a schema has that ajv does not know is left out of account, as the specification
 * of JSON schemas says; a reference to another document is an error, since nothing is ever fetched.
 */
const OPTIONS: Options = { strict: false, logger: false, verbose: true, multipleOfPrecision: MULTIPLE_DIGITS };

/** The JSON schema of an action's input, ready to be held against inputs. */
export class InputSchema {
  private readonly validate: ValidateFunction;
  private readonly names = new Set<string>();

  /** @throws an error if it is no schema, or one that takes too long */
  constructor(schema: JsonSchema) {
    if (JSON.stringify(schema).length > MAX_SCHEMA_CHARS) throw new Error('too large');
    this.validate = timeBoxed(COMPILE_MS, () => {
      collectNames(schema, this.names);
      // One of its own for each: their ids do not meet, and one whose compilation was cut short spoils no other.
      const ajv = ajvFor(schema);
      addFormats(ajv);
      return ajv.compile(schema);
    });
    // A keyword of ajv's own: its answer would be a promise, of which a rejection ends the process.
    if ('$async' in this.validate) throw new Error('asynchronous');
  }

  /**
   * Where an input does not fit. Where none is given that is as good as `{}` or `null`, which is what an action that takes
   * nothing has in its schema.
   *
   * @throws an error if that takes too long, or does not end
   */
  misfit(input: unknown): Misfit | undefined {
    if (input === undefined) return this.misfitOf(null) && this.misfitOf({});
    return this.misfitOf(input);
  }

  private misfitOf(input: unknown): Misfit | undefined {
    const errors = timeBoxed(CHECK_MS, (): ErrorObject[] | undefined =>
      this.validate(input) === true ? undefined : (this.validate.errors ?? []),
    );
    return errors && misfitOf(errors, input, this.names);
  }
}

/** Draft 7, unless the schema says that it is a later one. */
function ajvFor({ $schema }: JsonSchema): Ajv {
  const draft = typeof $schema === 'string' ? $schema : '';
  if (draft.includes('/2020-12/')) return new Ajv2020(OPTIONS);
  if (draft.includes('/2019-09/')) return new Ajv2019(OPTIONS);
  return new Ajv(OPTIONS);
}

/** Names that are given to properties, anywhere in a schema. */
function collectNames(schema: unknown, names: Set<string>): void {
  if (typeof schema !== 'object' || schema === null) return;
  const { properties, required } = schema as { properties?: unknown; required?: unknown };
  if (typeof properties === 'object' && properties !== null) {
    for (const name of Object.keys(properties)) names.add(name);
  }
  if (Array.isArray(required)) for (const name of required) names.add(String(name));
  for (const part of Object.values(schema)) collectNames(part, names);
}
