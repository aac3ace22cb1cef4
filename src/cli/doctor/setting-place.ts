import { readDotEnv } from '../../config';

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
    { place: '.env', values: readDotEnv(cwd) },
  ] as const;
  for (const { place, values } of places) {
    const name = names.find((candidate) => values[candidate]?.trim());
    if (name !== undefined) return { name, place };
  }
  return undefined;
}
