import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const SCRIPT = 'require(process.argv[1]).cleanEnvironment(); console.log(JSON.stringify(process.env))';

/** What is left of an environment. */
function cleaned(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const module = join(__dirname, 'environment.js');
  return JSON.parse(
    execFileSync(process.execPath, ['-e', SCRIPT, module], { env, encoding: 'utf8' }),
  ) as NodeJS.ProcessEnv;
}

test('what a machine has set for programs of its own does not reach the tests, nor a proxy their servers', () => {
  const own = { PATH: '/bin', HOME: '/home/me', TEMPORAL_NANGO_CACHE: '/cache', TEMPORAL_NANGO_TEST_RUN: '7' };
  const users = {
    NANGO_SECRET_KEY: 'real',
    TEMPORAL_ADDRESS: 'real:7233',
    TEMPORAL_NANGO_ENVIRONMENT: 'real',
    NODE_OPTIONS: '--no-deprecation',
    FORCE_COLOR: '3',
    CI: '1',
    PORT: '1',
  };
  const direct = '127.0.0.1,localhost';
  expect(cleaned({ ...own, ...users })).toEqual({ ...own, no_proxy: direct, NO_PROXY: direct });
  expect(cleaned({ ...own, NO_PROXY: 'inside' })).toMatchObject({ no_proxy: `inside,${direct}` });
});
