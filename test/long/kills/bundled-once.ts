import { join } from 'node:path';
import { bundlePath } from '../../support/bundles';

/** How Node starts a worker of this package with the bundle that jest has made, which would take most of its start. */
export const BUNDLED_ONCE = {
  argv: ['--require', join(__dirname, 'use-bundle.js')],
  env: { WORKFLOW_BUNDLE: bundlePath('../../src/worker-workflows') },
};
