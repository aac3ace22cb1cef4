import { setTimeout as sleep } from 'node:timers/promises';
import { cliFailure } from '../terminal/failure';
import { baseUrlCheck } from './checks/base-url';
import { failed } from './check';
import type { Check, CheckResult, Finding } from './check';
import { clockCheck } from './checks/clock';
import { connectKeyCheck } from './checks/connect-key';
import { connectPageCheck } from './checks/connect-page';
import type { DoctorContext } from './context';
import { externalStorageCheck } from './checks/external-storage';
import { fairnessCheck } from './checks/fairness';
import { grantedScopesCheck } from './checks/granted-scopes';
import { integrationsCheck } from './checks/integrations';
import { keyAcceptedCheck } from './checks/key-accepted';
import { linkKeysCheck } from './checks/link-keys';
import { namespaceCheck } from './checks/namespace';
import { publicAddressCheck } from './checks/public-address';
import { rateLimitCheck } from './checks/rate-limit';
import { scopesCheck } from './checks/scopes';
import { secretKeyCheck } from './checks/secret-key';
import { settingsCheck } from './checks/settings';
import { signingKeyCheck } from './checks/signing-key';
import { standaloneActivitiesCheck } from './checks/standalone-activities';
import { temporalCheck } from './checks/temporal-reachable';
import { webhookArrivedCheck } from './checks/webhook-arrived';
import { workerCheck } from './checks/worker-polls';

/** In the order of the report. */
const CHECKS: readonly Check[] = [
  settingsCheck,
  secretKeyCheck,
  baseUrlCheck,
  keyAcceptedCheck,
  scopesCheck,
  connectKeyCheck,
  grantedScopesCheck,
  integrationsCheck,
  clockCheck,
  rateLimitCheck,
  temporalCheck,
  namespaceCheck,
  workerCheck,
  standaloneActivitiesCheck,
  fairnessCheck,
  externalStorageCheck,
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
