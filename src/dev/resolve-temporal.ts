import type { EmbeddedTemporal } from './embedded-temporal';

/**
 * The server that the environment names, by `TEMPORAL_ADDRESS` and `TEMPORAL_NAMESPACE` (default: `default`); undefined
 * if it names none. Nothing is started, and nothing is asked of that server.
 *
 * @example
 * const temporal = resolveTemporal(process.env) ?? (await startTemporal());
 */
export function resolveTemporal(env: NodeJS.ProcessEnv): EmbeddedTemporal | undefined {
  if (!env.TEMPORAL_ADDRESS) return undefined;
  return {
    address: env.TEMPORAL_ADDRESS,
    namespace: env.TEMPORAL_NAMESPACE || 'default',
    stop: () => Promise.resolve(),
  };
}
