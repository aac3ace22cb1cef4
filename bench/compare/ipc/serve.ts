import { beginUsage, usage } from './usage';

/** What a driver sends its child, and the child sends back. */
export interface Message {
  id: number;
  name: string;
  args: unknown[];
}
export type Reply = { ready: true } | { id: number; value?: unknown; error?: string };

export type Handlers = { [name: string]: (...args: never[]) => unknown };

/**
 * Serves the driver's calls over IPC until the driver lets go, or is gone; then closes and ends. Ctrl-C goes to the whole
 * group: the driver alone obeys it.
 */
export function serveDriver(handlers: Handlers, close: () => Promise<void> = () => Promise.resolve()): void {
  const all: Handlers = { beginUsage, usage, ...handlers };
  process.on('SIGINT', () => undefined);
  process.on('message', ({ id, name, args }: Message) => {
    void Promise.resolve()
      .then(() => all[name]!(...(args as never[])))
      .then(
        (value) => reply({ id, value }),
        (error: unknown) =>
          reply({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      );
  });
  process.once('disconnect', () => void close().finally(() => process.exit()));
  reply({ ready: true });
}

function reply(message: Reply): void {
  if (process.connected) process.send?.(message);
}
