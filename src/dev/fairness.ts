/** Dynamic configuration that keeps one connection's calls from holding up those of another. Off in a server as it comes. */
export const FAIR: Readonly<Record<string, string>> = { 'matching.enableFairness': 'true' };

const FROM = { major: 1, minor: 32 };

/**
 * Whether a Temporal server may be told to be fair. Before 1.32 a fairness key with a limit of its own holds up all others.
 *
 * @param version `1.32.0`; one that cannot be read may not
 */
export function canBeFair(version: string): boolean {
  const [major = NaN, minor = NaN] = /^(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? [];
  return major > FROM.major || (major === FROM.major && minor >= FROM.minor);
}
