import { homedir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../../src/dev/cache';

describe('the cache folder', () => {
  it.each([
    [{ TEMPORAL_NANGO_CACHE: '/ours', XDG_CACHE_HOME: '/xdg' }, '/ours'],
    [{ XDG_CACHE_HOME: '/xdg' }, '/xdg/temporal-nango'],
    [{}, join(homedir(), '.cache/temporal-nango')],
  ])('for %j is %s', (env, folder) => {
    expect(cacheFolder(env)).toBe(folder);
  });
});
