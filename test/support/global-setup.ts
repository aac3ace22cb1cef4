import { temporalBinary, testServerBinary } from '../../src/dev/binaries';
import { unpackChromium } from '../browser/unpack-chromium';
import { makeBundles } from './bundles';

/** jest's `globalSetup`: what is slow and the same for all test files is done before the first of them. */
export default async function globalSetup(): Promise<void> {
  // One after the other: an installer that says nothing for some seconds, since the machine is busy, is given up.
  await temporalBinary();
  await testServerBinary();
  await Promise.all([makeBundles(), unpackChromium()]);
}
