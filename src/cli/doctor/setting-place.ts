import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/** Where a setting was found. */
export interface SettingPlace {
  name: string;
  place: 'the environment' | '.env';
}

/**
 * Where the first of these settings is set, in the order in which the settings are read: all names in the environment,
 * then all names in `.env`.
 */
export function settingPlace(
  names: string[],
  { env, cwd }: { env: NodeJS.ProcessEnv; cwd: string },
): SettingPlace | undefined {
  const places = [
    { place: 'the environment', values: env },
    { place: '.env', values: dotEnv(cwd) },
  ] as const;
  for (const { place, values } of places) {
    const name = names.find((candidate) => values[candidate]?.trim());
    if (name !== undefined) return { name, place };
  }
  return undefined;
}

function dotEnv(cwd: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(join(cwd, '.env'), 'utf8'));
  } catch {
    return {};
  }
}
