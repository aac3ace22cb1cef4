/**
 * No Temporal server could be had. The message lists every way that was tried, why it failed, and one command that
 * helps.
 */
export class TemporalUnavailableError extends Error {
  override readonly name = 'TemporalUnavailableError';

  /**
   * @param what what is missing, one sentence without a full stop
   * @param tried the ways that were tried, in order, each with a colon and why it failed
   * @param command shell command that gets the reader further
   */
  constructor(
    what: string,
    readonly tried: readonly string[],
    readonly command: string,
  ) {
    const ways = tried.map((way) => `  - ${way.replaceAll('\n', '\n    ')}`);
    super([`${what}. Tried:`, ...ways, 'What helps:', `  ${command}`].join('\n'));
  }
}
