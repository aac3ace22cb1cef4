import { setMaxListeners } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Bounds } from './bounds';

/** The longest a timer of Node's can be set to; one set to more fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A response as it came; of a repeated header all values. */
export interface Exchanged {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** The cause of an exchange that took too long. */
export class DeadlinePassed extends Error {}

/** The cause of an exchange that was not allowed to start. */
export class StartRefused extends Error {}

/** Why an exchange ended without a response; the reason is its `cause`. */
export class ExchangeError extends Error {
  constructor(
    cause: unknown,
    /** nothing of the request has left, and nothing will */
    readonly unsent: boolean,
    /** of a response that was not read to its end */
    readonly status: number | undefined,
  ) {
    super('No answer', { cause });
  }
}

/**
 * Sends one request and reads its response. An aborted one ends at once, also while it waits for a connection; undici's
 * own `request` would go on waiting then, for as long as the calls last that have all connections. Its deadline is a
 * timer, for a signal of its own and one that joins both cost a tenth of a call.
 *
 * @param onStart called when its first byte is about to be written; false: it is not
 * @throws ExchangeError
 */
export function exchange(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  { deadlineMs, signal }: Bounds,
  onStart: () => boolean = () => true,
): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    let connection: Dispatcher.DispatchController | undefined;
    let status: number | undefined;
    let headers: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];

    let isOver = false;

    const end = (): void => {
      isOver = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    const fail = (cause: unknown): void => {
      end();
      reject(new ExchangeError(cause, connection === undefined, status));
    };
    const giveUp = (cause: unknown): void => {
      fail(cause);
      connection?.abort(new Error('Aborted'));
    };
    const abort = (): void => giveUp(signal?.reason);
    const ms = Math.min(Math.max(Math.round(deadlineMs), 1), MAX_TIMER_MS);
    const timer = setTimeout(() => giveUp(new DeadlinePassed()), ms);
    if (signal?.aborted) return abort();
    // Those of a batch share one.
    if (signal) setMaxListeners(0, signal);
    signal?.addEventListener('abort', abort);

    dispatcher.dispatch(options, {
      // Before the first byte is written: one that was given up while it waited is dropped here.
      onRequestStart(controller) {
        if (isOver) return controller.abort(new Error('Aborted'));
        if (!onStart()) {
          fail(new StartRefused());
          return controller.abort(new Error('Aborted'));
        }
        connection = controller;
      },
      // Once more for each 1xx before it.
      onResponseStart(_, statusCode, received) {
        status = statusCode;
        headers = received;
      },
      onResponseData(_, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        end();
        resolve({ status: status ?? 0, headers, body: Buffer.concat(chunks) });
      },
      onResponseError(_, error) {
        fail(error);
      },
    });
  });
}
