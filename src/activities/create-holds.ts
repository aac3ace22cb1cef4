import { Context } from '@temporalio/activity';
import { connectionStatus } from '../nango/connection-status';
import type { NangoApi } from '../nango/http/http';
import { readHolds } from '../requests/read-holds';
import { Holds } from './holds';

/** What is held has to be read within so long, or it is read anew: it would be too old. */
const READ_MS = 3_000;

/** The holds of a worker, by which every call through its connection to Nango is guarded. */
export function createHolds(api: NangoApi, environment: string): Holds {
  const holds = new Holds({
    readView: () => {
      const { client } = Context.current();
      // Whoever calls off its own call does not call off those that wait with it.
      const { signal } = new AbortController();
      return client.withAbortSignal(signal, () =>
        client.withDeadline(Date.now() + READ_MS, () => readHolds(client, environment)),
      );
    },
    readStatus: (connection, bounds) => connectionStatus(api, connection, bounds),
  });
  api.guardedBy(holds);
  return holds;
}
