const { cleanEnvironment } = require('./test/support/environment.js');

// Here, since this is read before any process for tests is started.
cleanEnvironment();
// Test files read the bundles that this run has made.
process.env.TEMPORAL_NANGO_TEST_RUN ??= String(process.pid);

const swc = (parser = {}) => [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', ...parser },
      transform: { react: { runtime: 'automatic', importSource: 'hono/jsx' } },
    },
    module: { type: 'commonjs' },
  },
];

/** What takes minutes, or installs the package as users do: `jest.long.config.js`. */
const LONG = ['test/long', 'test/packaging', 'test/examples'];

/** The everyday suite. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test', '<rootDir>/examples'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: LONG.map((folder) => `<rootDir>/${folder}/`),
  transform: {
    '^.+\\.[cm]?[jt]s$': swc(),
    '^.+\\.tsx$': swc({ tsx: true }),
  },
  transformIgnorePatterns: ['/node_modules/', '/lib/'],
  globalSetup: '<rootDir>/test/examples/global-setup.ts',
  setupFiles: ['<rootDir>/test/support/no-dotenv.js'],
  // Long enough for a machine that is busy with something else: what hangs fails all the same.
  testTimeout: 240_000,
  // One more than the two cores that the suites are meant for: much of them waits for servers, timers, what is installed.
  maxWorkers: 3,
  testSequencer: '<rootDir>/test/support/longest-first.js',
};
