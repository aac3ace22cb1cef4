import { checkConnectionId } from './check-call';
import { checkFlag, checkObject, checkOneOf, checkTemporalName } from './check-shape';
import { checkName } from './text';
import type { FailingReport, FailingSign, HealthNews, HealthVerdict, WorksReport } from '../types';

/** Rules for what is said to and by an integration's health. Each throws `Nango.InvalidRequest` naming the field. */

const SIGNS: readonly FailingSign[] = ['refresh', 'exhausted', 'unauthorized'];
const VERDICTS: readonly HealthVerdict[] = ['try', 'works', 'reconnect'];

export function checkFailingReport(value: unknown): asserts value is FailingReport {
  checkObject(value, 'report');
  checkConnectionId(value.connectionId, 'connectionId');
  checkReport(value);
}

/** The form of a report, but for the connection. */
export function checkReport({ sign, tried, waiter }: { [field in keyof FailingReport]?: unknown }): void {
  checkOneOf(sign, 'sign', SIGNS);
  checkFlag(tried, 'tried');
  if (waiter === undefined) return;
  checkObject(waiter, 'waiter');
  checkTemporalName(waiter.workflowId, 'waiter.workflowId');
  checkName(waiter.waitId, 'waiter.waitId');
}

export function checkWorksReport(value: unknown): asserts value is WorksReport {
  checkObject(value, 'report');
  checkConnectionId(value.connectionId, 'connectionId');
}

export function checkHealthNews(value: unknown): asserts value is HealthNews {
  checkObject(value, 'news');
  checkName(value.waitId, 'waitId');
  checkOneOf(value.verdict, 'verdict', VERDICTS);
}
