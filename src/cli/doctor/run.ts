import { setTimeout as sleep } from 'node:timers/promises';
import { cliFailure } from '../failure';
import { baseUrlCheck } from './base-url';
import { failed } from './check';
import type { Check, CheckResult, Finding } from './check';
import { clockCheck } from './clock';
import { connectPageCheck } from './connect-page';
import type { DoctorContext } from './context';
import { keyAcceptedCheck } from './key-accepted';
import { linkKeysCheck } from './link-keys';
import { namespaceCheck } from './namespace';
import { publicAddressCheck } from './public-address';
import { rateLimitCheck } from './rate-limit';
import { scopesCheck } from './scopes';
import { secretKeyCheck } from './secret-key';
import { settingsCheck } from './settings';
import { signingKeyCheck } from './signing-key';
import { standaloneActivitiesCheck } from './standalone-activities';
import { temporalCheck } from './temporal-reachable';
import { webhookArrivedCheck } from './webhook-arrived';
import { workerCheck } from './worker-polls';

/** In the order of the report. */
const CHECKS: readonly Check[] = [
  settingsCheck,
  secretKeyCheck,
  baseUrlCheck,
  keyAcceptedCheck,
  scopesCheck,
  clockCheck,
  rateLimitCheck,
  temporalCheck,
  namespaceCheck,
  workerCheck,
  standaloneActivitiesCheck,
  signingKeyCheck,
  webhookArrivedCheck,
  linkKeysCheck,
  publicAddressCheck,
  connectPageCheck,
];

const WITHIN_MS = 20_000;

/** Runs all checks, at the same time where none needs another. Never rejects; each check ends within 20 s. */
export async function runChecks(context: DoctorContext): Promise<CheckResult[]> {
  const results = new Map<Check, Promise<CheckResult>>();
  const resultOf = (check: Check): Promise<CheckResult> => {
    const known = results.get(check) ?? runAfter(check, context, Promise.all(check.after.map(resultOf)));
    results.set(check, known);
    return known;
  };
  return await Promise.all(CHECKS.map(resultOf));
}

async function runAfter(
  { name, run }: Check,
  context: DoctorContext,
  needed: Promise<CheckResult[]>,
): Promise<CheckResult> {
  const missing = (await needed).find(({ status }) => status === 'failed' || status === 'skipped');
  if (missing !== undefined) return { name, status: 'skipped', says: `Not looked at, because of: ${missing.name}.` };
  const over = new AbortController();
  try {
    return { name, ...(await Promise.race([run(context), tooLate(over.signal)])) };
  } catch (error) {
    return { name, ...failed(`It could not be found out: ${cliFailure(error).message}`, 'Run this again.') };
  } finally {
    over.abort();
  }
}

async function tooLate(over: AbortSignal): Promise<Finding> {
  await sleep(WITHIN_MS, undefined, { signal: over }).catch(() => undefined);
  return failed(`No answer within ${WITHIN_MS / 1000} s.`, 'Check the network, and run this again.');
}
