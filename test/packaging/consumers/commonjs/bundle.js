// Prints the packages that are in the bundle of `workflows.ts`.
const { bundleWorkflowCode, DefaultLogger } = require('@temporalio/worker');

async function main() {
  const workflowsPath = require.resolve('./workflows.ts');
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  const packages = code.matchAll(/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//g);
  console.log(JSON.stringify([...new Set([...packages].map(([, name]) => name))].sort()));
}

void main();
