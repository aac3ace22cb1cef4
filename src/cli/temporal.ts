import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { NangoConnections } from '../client';
import { resolveConfig } from '../config';
import type { NangoConfig } from '../config';
import { causesOf, nangoFailure } from '../contract/errors';
import { closable } from '../dev/closable';
import { withTypedFailures } from '../requests/typed-failures';
import { usage } from './terminal/failure';
import type { CliFailure } from './terminal/failure';

const CONNECT_MS = 5_000;

/** What a command speaks to Temporal with. */
export interface Temporal {
  client: Client;
  connections: NangoConnections;
  config: NangoConfig;
}

/**
 * Temporal's address and credentials as `@temporalio/envconfig` finds them: `TEMPORAL_*`, profiles, `temporal.toml`.
 *
 * @throws CliFailure (usage) where they cannot be read; never with their text, which may hold an API key
 */
export function temporalSettings(): ClientConnectConfig {
  try {
    return loadClientConnectConfig();
  } catch (error) {
    const { line } = error as { line?: unknown };
    const where = typeof line === 'number' ? ` Line ${line} cannot be understood.` : '';
    throw usage(
      `Temporal's settings cannot be read.${where}`,
      'Check temporal.toml (TEMPORAL_CONFIG_FILE says where it is), the profile that TEMPORAL_PROFILE names, and the certificates it points to.',
    );
  }
}

/** Connects to Temporal. @throws CliFailure (usage) for bad settings; Nango.TemporalUnavailable after 5 s */
export async function connectTemporal(): Promise<{ client: Client; close: () => Promise<void> }> {
  const { connectionOptions, namespace } = temporalSettings();
  const connection = await connect(connectionOptions);
  return { client: new Client({ connection, namespace }), close: () => connection.close() };
}

async function connect(options: ClientConnectConfig['connectionOptions']): Promise<Connection> {
  try {
    return await Connection.connect({ ...options, ...closable, connectTimeout: CONNECT_MS });
  } catch (error) {
    const { code } = error as { code?: unknown };
    // 7 PERMISSION_DENIED, 16 UNAUTHENTICATED, https://grpc.io/docs/guides/status-codes/
    const refused = code === 7 || code === 16;
    const hint = refused ? 'It refuses the credentials: check TEMPORAL_API_KEY and the certificates.' : undefined;
    throw nangoFailure('Nango.TemporalUnavailable', { hint });
  }
}

/**
 * Does something with Temporal, and closes the connection after it.
 *
 * @throws what {@link connectTemporal} throws, CliFailure (usage) for a namespace that does not exist, Nango.Misconfigured for bad settings of ours, and what `work` throws, a
 *   Temporal that went away as Nango.TemporalUnavailable
 */
export async function withTemporal<T>(work: (temporal: Temporal) => Promise<T>): Promise<T> {
  const config = resolveConfig();
  const { client, close } = await connectTemporal();
  try {
    return await withTypedFailures(() =>
      work({ client, config, connections: new NangoConnections(client, { config }) }),
    );
  } catch (error) {
    throw missingNamespace(error) ?? error;
  } finally {
    await close();
  }
}

/** What to say if Temporal has answered that there is no such namespace; its words differ from call to call. */
export function missingNamespace(error: unknown): CliFailure | undefined {
  for (const { name, message } of causesOf(error)) {
    if (name === 'NamespaceNotFoundError' || /\bnamespace \S+ (is )?not found/i.test(String(message))) {
      return usage(
        'The namespace does not exist.',
        'Check TEMPORAL_NAMESPACE, or make it with `temporal operator namespace create`.',
      );
    }
  }
  return undefined;
}
