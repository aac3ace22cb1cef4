import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runWatched } from './run-watched';
import type { Wheel } from './wheels';

const HOST = 'temporal.download';
const PARTIAL = '.downloading';

// The SDK downloads only what it then starts, so the server runs for a moment, which may take long without a sign.
const SCRIPT = `
  const [testing, program, version, downloadDir] = process.argv.slice(1);
  const { TestWorkflowEnvironment } = require(testing);
  const { readdirSync } = require('node:fs');
  let starting = 0;
  setInterval(() => {
    if (readdirSync(downloadDir).some((name) => !name.endsWith('${PARTIAL}')) && ++starting < 30) console.log('starting');
  }, 1_000).unref();
  console.log('requesting');
  const server = { executable: { type: 'cached-download', version, downloadDir } };
  const start = program === 'temporal' ? 'createLocal' : 'createTimeSkipping';
  TestWorkflowEnvironment[start]({ server }).then((env) => env.teardown()).catch((error) => {
    console.error(error.message.split(': ').slice(-2).join(': '));
    process.exitCode = 1;
  });
`;

/**
 * Downloads the program of `wheel` with the Temporal SDK's own downloader, which needs nothing but Node. It heeds
 * `HTTPS_PROXY` and `SSL_CERT_FILE`, as Temporal's core does.
 *
 * @param folder an empty folder
 * @returns where the program lies, or in one line why there is none
 */
export async function downloadWithSdk(
  wheel: Wheel,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<{ program: string } | { tried: string }> {
  let testing: string;
  try {
    testing = require.resolve('@temporalio/testing');
  } catch {
    return { tried: '@temporalio/testing: not installed' };
  }
  const args = ['-e', SCRIPT, testing, wheel.program, `v${wheel.version}`, folder];
  const ran = await runWatched(process.execPath, args, { ...env, NODE_OPTIONS: '' }, folder);
  // It lies there once it is whole, whether or not a server could then be started.
  const whole = (await readdir(folder)).find((name) => !name.endsWith(PARTIAL));
  return whole === undefined ? { tried: `${HOST}: ${ran.said}` } : { program: join(folder, whole) };
}
