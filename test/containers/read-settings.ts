import { loadClientConnectConfig } from '@temporalio/envconfig';
import { resolveConfig } from '../../src/config';

/** The environment variables that our programs read, as found by letting them read. */
export function readSettings(): Set<string> {
  const read = new Set<string>();
  const env = new Proxy<Record<string, string>>(
    {},
    {
      get: (_, name) => {
        read.add(String(name));
        return undefined;
      },
    },
  );
  resolveConfig({ env, cwd: __dirname });
  loadClientConnectConfig({ overrideEnvVars: env, disableFile: true });
  return read;
}
