import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

/** A response as it came; of a repeated header all values. */
export interface Exchanged {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

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
 * own `request` would go on waiting then, for as long as the calls last that have all connections.
 *
 * @param onStart called when its first byte is about to be written
 * @throws ExchangeError
 */
export function exchange(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signal: AbortSignal,
  onStart: () => void = () => undefined,
): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    let connection: Dispatcher.DispatchController | undefined;
    let status: number | undefined;
    let headers: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];

    const fail = (cause: unknown): void => {
      signal.removeEventListener('abort', abort);
      reject(new ExchangeError(cause, connection === undefined, status));
    };
    const abort = (): void => {
      fail(signal.reason);
      connection?.abort(new Error('Aborted'));
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort);

    dispatcher.dispatch(options, {
      // Before the first byte is written: one that was given up while it waited is dropped here.
      onRequestStart(controller) {
        if (signal.aborted) return controller.abort(new Error('Aborted'));
        connection = controller;
        onStart();
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
        signal.removeEventListener('abort', abort);
        resolve({ status: status ?? 0, headers, body: Buffer.concat(chunks) });
      },
      onResponseError(_, error) {
        fail(error);
      },
    });
  });
}
