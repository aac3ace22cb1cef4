// Preloaded by workers of this package: whatever would be bundled when they start has been.
const { Worker } = require('@temporalio/worker');

const { create } = Worker;
const codePath = process.env.WORKFLOW_BUNDLE;

/** Comes after our own plugin, by which a worker has our workflows. */
const useBundle = {
  name: 'use-bundle',
  configureWorker: (options) => ({
    ...options,
    workflowsPath: undefined,
    bundlerOptions: undefined,
    workflowBundle: { codePath },
  }),
};

Worker.create = (options) => create.call(Worker, { ...options, plugins: [...(options.plugins ?? []), useBundle] });
