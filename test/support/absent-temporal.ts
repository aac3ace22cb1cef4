import { Client, Connection } from '@temporalio/client';

/**
 * A client of a Temporal that is not there. Without the client's own retries: their timers outlive the connection, and
 * then throw into whatever test runs.
 *
 * @param address default: one where nothing listens
 */
export function absentTemporal(address = '127.0.0.1:1', connectTimeoutMs = 200): Client {
  return new Client({ connection: Connection.lazy({ address, connectTimeout: connectTimeoutMs, interceptors: [] }) });
}
