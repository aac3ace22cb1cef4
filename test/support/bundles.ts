import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Our own, as the plugin bundles them. */
const OURS = '../../src/worker-workflows';

/** Bundling takes seconds, so it is done once a run of jest, by its `globalSetup`, and read by every test file. */
const BUNDLED = [
  OURS,
  '../../src/demo/workflows',
  './user-workflows',
  './paged-workflows',
  './fuzzed-workflows',
  './discovery-workflows',
  './drill-workflows',
] as const;

export type Bundled = (typeof BUNDLED)[number];

const folder = join(tmpdir(), `temporal-nango-bundles-${process.env.TEMPORAL_NANGO_TEST_RUN ?? process.pid}`);

export async function makeBundles(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const source of BUNDLED) {
    const { code } = await bundleWorkflowCode({
      workflowsPath: require.resolve(source),
      preloadModules: source === OURS ? [require.resolve(OURS)] : [],
      logger: new DefaultLogger('ERROR'),
    });
    writeFileSync(bundlePath(source), code);
  }
}

export function bundleFor(source: Bundled): { code: string } {
  return { code: readFileSync(bundlePath(source), 'utf8') };
}

export function bundlePath(source: Bundled): string {
  return join(folder, `${source.replaceAll(/\W+/g, '-')}.js`);
}
