import type { HttpBindings } from '@hono/node-server';
import type { ApiKey, ConnectSession } from './state';

/** What the app has found out about a request before a route sees it. */
export interface Env {
  Bindings: HttpBindings;
  Variables: {
    /** of this server, as the caller addressed it */
    origin: string;
    /** the bytes that came */
    raw: Buffer;
    /** parsed, where it was JSON */
    body: unknown;
    key: ApiKey | undefined;
    session: ConnectSession | undefined;
  };
}
