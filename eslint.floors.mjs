import boundaries from 'eslint-plugin-boundaries';

/**
 * What each part of `src/` may import; what is not listed it may not. A part is a folder, a file, or both of one name.
 * `ours` are parts that stand above it here. `packages` are all where none are listed: in
 * the sandbox of a workflow there is no Node, HTTP, logging or zod, and no other part of Temporal's SDK.
 */
export const FLOORS = {
  version: { ours: [] },
  'core-logs': { ours: [] },
  'webhook-signature': { ours: [] },
  'external-storage': { ours: [], packages: ['@temporalio/common', 'node:module'] },
  'dev/shell-command': { ours: [] },
  dev: { ours: ['dev/shell-command'] },
  // Shares no code with what it tests.
  'testing/fake-nango': { ours: [] },
  contract: { ours: [], packages: ['@noble/hashes', '@temporalio/common'] },
  'contract/schemas': { ours: ['contract'], packages: ['zod'] },
  workflows: { ours: ['contract'], packages: ['@temporalio/common', '@temporalio/workflow'] },
  workflow: { ours: ['contract', 'workflows'], packages: [] },
  'worker-workflows': { ours: ['workflows'], packages: [] },
  nango: {
    ours: ['contract', 'contract/schemas', 'version'],
    packages: ['@temporalio/common', 'fastest-levenshtein', 'lru-cache', 'node:*', 'undici', 'zod'],
  },
  config: { ours: ['contract'] },
  requests: { ours: ['contract', 'contract/schemas', 'nango', 'config', 'dev/shell-command'] },
  // What a worker may send, and by whom that is shared.
  limits: { ours: ['contract', 'contract/schemas', 'nango'] },
  bulk: { ours: ['contract', 'contract/schemas', 'requests'] },
  // Without a workflow.
  calls: { ours: ['contract', 'contract/schemas', 'requests'] },
  notifier: { ours: ['contract', 'requests', 'version', 'webhook-signature'] },
  activities: { ours: ['contract', 'contract/schemas', 'nango', 'config', 'requests', 'limits', 'notifier'] },
  // A backend's process holds no worker.
  client: { ours: ['contract', 'config', 'requests', 'bulk', 'calls'] },
  webhook: { ours: ['contract', 'contract/schemas', 'config', 'webhook-signature'] },
  web: {
    ours: [
      'contract',
      'nango',
      'config',
      'requests',
      'bulk',
      'client',
      'webhook',
      'webhook-signature',
      'dev/shell-command',
    ],
  },
  // Loads the workflows by their path.
  plugin: {
    ours: ['contract', 'nango', 'config', 'limits', 'notifier', 'activities', 'version', 'external-storage'],
  },
  worker: { ours: ['contract', 'config', 'notifier', 'plugin', 'core-logs'] },
  healthcheck: { ours: ['config', 'requests'] },
  index: {
    ours: [
      'contract',
      'config',
      'requests',
      'bulk',
      'calls',
      'limits',
      'notifier',
      'client',
      'webhook',
      'webhook-signature',
      'plugin',
    ],
  },
  testing: { ours: ['config', 'requests', 'client', 'webhook', 'plugin', 'testing/fake-nango'] },
  demo: {
    ours: ['contract', 'workflow', 'config', 'requests', 'client', 'core-logs', 'dev', 'testing/fake-nango'],
  },
  cli: {
    ours: [
      'contract',
      'contract/schemas',
      'workflows',
      'nango',
      'config',
      'requests',
      'bulk',
      'calls',
      'notifier',
      'client',
      'web',
      'plugin',
      'worker',
      'demo',
      'core-logs',
      'external-storage',
      'version',
      'dev',
      'dev/shell-command',
      'testing/fake-nango',
    ],
  },
};

const filesOf = (name) => [`src/${name}.{ts,tsx}`, `src/${name}/**`];
const PACKAGE = ['core', 'external'];

function rulesOf(name, { ours, packages }) {
  const module = { origin: PACKAGE, source: packages };
  const allow = [{ to: { file: { categories: { anyOf: [name, ...ours] } } } }];
  if (packages === undefined || packages.length > 0) allow.push({ to: { module } });
  const message = `eslint.floors.mjs does not list this for src/${name}.`;
  const checked = { checkAllOrigins: true, checkUnknownLocals: true, checkInternals: true };
  return { 'boundaries/dependencies': ['error', { default: 'disallow', ...checked, message, policies: [{ allow }] }] };
}

/** A file is of the innermost floor that has it: of the rules that match it, the last count. */
const outermostFirst = Object.entries(FLOORS).sort(([a], [b]) => a.length - b.length);

export const floorConfigs = [
  {
    files: ['src/**'],
    settings: {
      'import/resolver': { typescript: { project: './tsconfig.json' } },
      'boundaries/files-single-match': true,
      'boundaries/files': outermostFirst.map(([name]) => ({ category: name, pattern: filesOf(name) })).reverse(),
    },
    plugins: { boundaries },
    rules: { 'boundaries/no-unknown-files': 'error' },
  },
  ...outermostFirst.map(([name, may]) => ({ files: filesOf(name), rules: rulesOf(name, may) })),
];
