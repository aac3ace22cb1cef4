import type { DoctorContext } from './context';

export type CheckStatus = 'ok' | 'warning' | 'failed' | 'skipped';

/** What a check has found: one sentence, and what repairs it. Commands in the fix stand in backticks. */
export interface Finding {
  status: CheckStatus;
  says: string;
  fix?: string;
}

/** A line of the report. */
export interface CheckResult extends Finding {
  name: string;
}

/** One thing that has to be so. It changes nothing anywhere. */
export interface Check {
  name: string;
  /** without these this one finds nothing out: it is skipped where one of them failed */
  after: readonly Check[];
  run: (context: DoctorContext) => Finding | Promise<Finding>;
}

export function ok(says: string): Finding {
  return { status: 'ok', says };
}

/** It works, but not as well as it could. */
export function warning(says: string, fix: string): Finding {
  return { status: 'warning', says, fix };
}

/** It does not work. */
export function failed(says: string, fix: string): Finding {
  return { status: 'failed', says, fix };
}
