import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The package is an ES module, which jest cannot load: another process unpacks the browser and says where it is. */
const UNPACK = `
  import chromium from '@sparticuz/chromium';
  process.stdout.write(await chromium.executablePath());
`;

/**
 * Path of a Chromium from npm, so that a browser is on every machine that has run `npm ci`. It is unpacked into the temp
 * folder unless it lies there. jest's `globalSetup` does it first: two that unpack at once find each other's half.
 */
export async function unpackChromium(): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', UNPACK], {
    cwd: __dirname,
  });
  return stdout;
}
