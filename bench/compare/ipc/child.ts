import { fork } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import type { Message, Reply } from './serve';

const STOPPED_WITHIN_MS = 20_000;

/** A process of the benchmark, driven by calls over IPC. It ends when it is stopped, or when this process has ended. */
export interface Child {
  /** @throws what the call threw, as an error of its text; or that the process has ended */
  call: <T>(name: string, ...args: unknown[]) => Promise<T>;
  /** Lets it finish what it has begun, kills it after 20 s, and waits until it has ended. */
  stop: () => Promise<void>;
}

/** Starts a file that calls {@link serveDriver}. @param env beside this process's own; no proxy is used for loopback */
export async function startChild(file: string, env: NodeJS.ProcessEnv = {}): Promise<Child> {
  const child = fork(file, {
    execArgv: ['--require', require.resolve('../../register.js')],
    env: { ...process.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1', ...env },
    // Its standard output is not ours: a line of it could follow our last one.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let next = 0;

  const ended = once(child, 'exit').then(([code, signal]: (number | string | null)[]) => {
    const error = new Error(`${basename(file)} ended: ${code ?? signal}`);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    return error;
  });
  const ready = new Promise<void>((resolve) => {
    child.on('message', (reply: Reply) => {
      if ('ready' in reply) return resolve();
      const call = waiting.get(reply.id);
      waiting.delete(reply.id);
      if (reply.error === undefined) call?.resolve(reply.value as never);
      else call?.reject(new Error(`${basename(file)}: ${reply.error}`));
    });
  });
  const failed = await Promise.race([ready, ended]);
  if (failed instanceof Error) throw failed;

  return {
    call: (name, ...args) =>
      new Promise((resolve, reject) => {
        const message: Message = { id: next++, name, args };
        waiting.set(message.id, { resolve, reject });
        child.send(message, (error) => {
          if (error !== null) reject(error);
        });
      }),
    stop: async () => {
      if (child.connected) child.disconnect();
      const late = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS);
      await ended;
      clearTimeout(late);
    },
  };
}
