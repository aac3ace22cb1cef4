import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { unpackChromium } from './unpack-chromium';

/**
 * Starts the Chromium of the tests without the flags that its package proposes: they switch off what is tested here, such
 * as web security. The sandbox cannot be had as root.
 */
export async function launchChromium(): Promise<Browser> {
  return await chromium.launch({ executablePath: await unpackChromium(), args: ['--no-sandbox'] });
}
