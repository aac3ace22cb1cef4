#!/usr/bin/env node
/**
 * Compares what the built entry points export with the reports in `api/`, and fails if they differ, if something has no
 * docs or docs that are not TSDoc, or if a type that one of them names is exported by none. With `--update` it writes the
 * reports. An entry point need not export the types of another again: `api/all.json` looks at all of them together.
 *
 *   npm run build && node scripts/api.mjs [--update]
 */
import { mkdirSync } from 'node:fs';
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const CONFIGS = ['index', 'workflow', 'worker-workflows', 'web', 'testing', 'all'];

const localBuild = process.argv.includes('--update');
const configs = CONFIGS.map((name) => ExtractorConfig.loadFileAndPrepare(`api/${name}.json`));
const [first, ...others] = configs;
// One program for all: the compiler reads everything once.
const compilerState = CompilerState.create(first, {
  additionalEntryPoints: others.map((config) => config.mainEntryPointFilePath),
});
mkdirSync(first.reportTempFolder, { recursive: true });

let isGood = true;
for (const config of configs) {
  const { succeeded } = Extractor.invoke(config, { compilerState, localBuild, messageCallback });
  isGood &&= succeeded;
}
if (!isGood) {
  console.error('npm run api writes the reports anew.');
  process.exitCode = 1;
}

/** Says what is wrong and nothing else. */
function messageCallback(message) {
  message.handled = message.logLevel !== 'error' && message.logLevel !== 'warning';
}
