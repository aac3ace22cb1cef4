/**
 * What makes a dev server quick. As it comes, it fires a timer, a retry or a timeout up to a second late, because it looks
 * for due ones that much apart; and it hands on at most 20 tasks a second. Values are JSON.
 */
export const QUICK: Readonly<Record<string, string>> = {
  'history.timerProcessorMaxTimeShift': '"1ms"',
  'history.timerProcessorMaxPollRPS': '2000',
  'history.transferProcessorMaxPollRPS': '2000',
};

/** The arguments of `temporal server start-dev` that set dynamic configuration. */
export function dynamicConfigArgs(config: Readonly<Record<string, string>>): string[] {
  return Object.entries(config).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]);
}
