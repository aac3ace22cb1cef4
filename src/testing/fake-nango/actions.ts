import type { Connection, Credentials } from './state';

/** A business error of an action: what its script throws on purpose. */
export class FakeActionError extends Error {
  constructor(readonly payload: unknown) {
    super('action error');
  }
}

/** @returns the output, any JSON; throws {@link FakeActionError}, or anything else for a crash */
export type ActionHandler = (
  input: unknown,
  connection: { integration: string; connectionId: string; credentials: Credentials },
) => unknown;

/** Runs an action as Nango answers it. */
export async function runAction(
  handler: ActionHandler,
  input: unknown,
  { integration, connectionId, credentials }: Connection,
): Promise<{ status: number; body: unknown }> {
  try {
    return { status: 200, body: (await handler(input, { integration, connectionId, credentials })) ?? null };
  } catch (error) {
    const [code, payload] =
      error instanceof FakeActionError
        ? ['action_script_runtime_error', error.payload]
        : ['script_internal_error', { name: 'Error', message: error instanceof Error ? error.message : 'crashed' }];
    return { status: 500, body: { error: { message: 'The action failed.', code, payload } } };
  }
}
