import { canBeFair, FAIR } from './fairness';
import { run } from './run';

/**
 * What makes a dev server quick. As it comes, it fires a timer, a retry or a timeout up to a second late, because it looks
 * for due ones that much apart; and it hands on at most 20 tasks a second. Values are JSON.
 */
const QUICK: Readonly<Record<string, string>> = {
  'history.timerProcessorMaxTimeShift': '"1ms"',
  'history.timerProcessorMaxPollRPS': '2000',
  'history.transferProcessorMaxPollRPS': '2000',
};

/** What a dev server of this CLI gets from us: it is quick and, if it can be, fair to every connection. */
export async function ourDynamicConfig(binary: string): Promise<Record<string, string>> {
  // `temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)`
  const { said } = await run(binary, ['--version'], process.env);
  const version = /Server ([\w.-]+)/.exec(said)?.[1] ?? '';
  return { ...QUICK, ...(canBeFair(version) && FAIR) };
}

/** The arguments of `temporal server start-dev` that set dynamic configuration. */
export function dynamicConfigArgs(config: Readonly<Record<string, string>>): string[] {
  return Object.entries(config).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]);
}
