import { temporalBinary } from '../../src/dev/binaries';
import globalSetup from '../support/global-setup';

/** The examples know nothing of `src/dev`: the environment tells them where the Temporal CLI is. */
export default async function setup(): Promise<void> {
  await globalSetup();
  process.env.TEMPORAL_CLI = await temporalBinary();
}
