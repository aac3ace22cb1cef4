import type { ConnectionNames } from '../../contract/types';
import type { HttpRequest } from './http';
import type { HttpOutcome } from './outcome';

/** Where a request goes, which says whose words its response is. */
export interface Destination {
  route: 'proxy' | 'action' | 'management';
  /** absent for the management API */
  connection?: ConnectionNames;
}

/** Is shown the requests of a `NangoApi`. It must not throw. */
export interface HttpObserver {
  /** the first byte is about to be written */
  started(destination: Destination): void;
  /** whatever came of it, also of one that never started */
  ended(destination: Destination, outcome: HttpOutcome): void;
}

/** Is shown each call through a connection at the last moment. It must not throw. */
export interface CallGuard {
  /** whether its first byte may be written */
  mayStart(connection: ConnectionNames): boolean;
}

/** Of a request as this package makes them: calls name their connection in two headers. */
export function destinationOf({ path, headers = {} }: HttpRequest): Destination {
  const integration = headers['provider-config-key'];
  const connectionId = headers['connection-id'];
  const connection =
    integration === undefined || connectionId === undefined ? undefined : { integration, connectionId };
  if (path.startsWith('/proxy/')) return { route: 'proxy', connection };
  return path.startsWith('/action/') ? { route: 'action', connection } : { route: 'management' };
}
