import { execFileSync } from 'node:child_process';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

/** The package is an ES module, which jest cannot load: another process unpacks the browser and says where it is. */
const UNPACK = `
  import chromium from '@sparticuz/chromium';
  process.stdout.write(await chromium.executablePath());
`;

/**
 * A Chromium from npm, so that a browser is on every machine that has run `npm ci`. Without the flags that the package
 * proposes: they switch off what is tested here, such as web security. The sandbox cannot be had as root.
 */
export async function launchChromium(): Promise<Browser> {
  const executablePath = execFileSync(process.execPath, ['--input-type=module', '--eval', UNPACK], {
    encoding: 'utf8',
  });
  return await chromium.launch({ executablePath, args: ['--no-sandbox'] });
}
