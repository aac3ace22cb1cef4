import type { ActionCall } from './calls';
import type { ConnectionRef } from './connections';
import type { Json } from './json';

/** What may be said of an action beside its name and input; default: nothing. */
export type ActionOptions = Omit<ActionCall, 'action' | 'input'>;

/** One step on the way to a place in a value. */
export interface ValuePlace {
  /** of a property, or the index of an item */
  readonly key: PropertyKey;
}

/** What a schema of the caller's says of a value: https://standardschema.dev */
export type ReadValue<Value> =
  | {
      /** what is gone on with */
      readonly value: Value;
      /** absent: there is nothing wrong */
      readonly issues?: undefined;
    }
  | {
      /** what is wrong; of each only the place is looked at */
      readonly issues: readonly {
        /** where it is: keys, or objects that have one; absent: the value itself */
        readonly path?: readonly (PropertyKey | ValuePlace)[] | undefined;
      }[];
    };

/** The types that a schema has, for the compiler only: nothing has these fields when a program runs. */
export interface ValueTypes<Given, Read> {
  /** what it reads */
  readonly input: Given;
  /** what it makes of that */
  readonly output: Read;
}

/** A schema of the caller's, of any library that keeps to https://standardschema.dev: zod, valibot, arktype. */
export interface ValueSchema<Given, Read> {
  /** what the standard asks of a schema */
  readonly '~standard': {
    /** reads a value; at once, since workflow code has to be deterministic */
    readonly validate: (value: unknown) => ReadValue<Read> | Promise<ReadValue<Read>>;
    /** for the compiler only */
    readonly types?: ValueTypes<Given, Read> | undefined;
  };
}

/** An action, by its names, and what goes in and comes out of it. */
export interface ActionDefinition<Input = Json | undefined, Output = Json> {
  /** key of the integration that it is deployed to */
  integration: string;
  /** its name there */
  name: string;
  /** reads the input before the call, in the workflow; default: it is of the type, and not looked at there */
  input?: ValueSchema<Input, unknown>;
  /** reads the output; default: it is believed to be of the type */
  output?: ValueSchema<unknown, Output>;
}

/** What an action is given: its input, which may be left out where it may be undefined, and options. */
export type ActionArguments<Input, Options = ActionOptions> = undefined extends Input
  ? [input?: Input, options?: Options]
  : [input: Input, options?: Options];

/** What comes of an action: its output, or with `pick` the parts that were picked, by their pointers. */
export type ActionOutput<Output, Options> =
  Options extends Required<Pick<ActionOptions, 'pick'>> ? { [pointer: string]: Json } : Output;

/** An action to be called like a function. */
export interface DefinedAction<Input = Json | undefined, Output = Json> {
  /**
   * Runs it and waits for its output, as `nango.action` does.
   *
   * @throws `Nango.InvalidRequest` before any I/O for a connection of another integration, and for an input that does not
   *   fit; `Nango.BadResponse` with a `status` for an output that does not fit a schema that was given; and as
   *   `nango.action`
   */
  <Options extends ActionOptions = Record<never, never>>(
    connection: ConnectionRef,
    ...given: ActionArguments<Input, Options>
  ): Promise<ActionOutput<Output, Options>>;
  /** key of the integration that it is deployed to */
  readonly integration: string;
  /** its name there */
  readonly name: string;
  /** One run of it, for a `fanOut`. @throws `Nango.InvalidRequest` for an input that does not fit a schema that was given */
  call(...given: ActionArguments<Input>): ActionCall;
  /** The same for a worker of ours that polls another queue than `nango`. */
  on(taskQueue: string): DefinedAction<Input, Output>;
}
