import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { lonelyFolder } from './lonely-folder';

let parent: string;

beforeEach(async () => {
  parent = await realpath(await mkdtemp(join(tmpdir(), 'parent-')));
});

afterEach(async () => {
  await rm(parent, { recursive: true });
});

test.each(['node_modules', '../node_modules'])(
  'a folder of consumers is refused below a parent’s %s',
  async (place) => {
    const within = join(parent, 'a', 'b');
    const modules = join(within, '..', place);
    await mkdir(within, { recursive: true });
    await mkdir(modules);
    await expect(lonelyFolder('consumers-', within)).rejects.toThrow(
      `No node_modules may stand above a consumer's folder, and ${modules} does.`,
    );
    expect(await readdir(within)).toEqual([]);
  },
);

test('a folder of consumers is made where nothing stands above it', async () => {
  expect(await lonelyFolder('consumers-', parent)).toMatch(new RegExp(`^${parent}/consumers-`));
});
