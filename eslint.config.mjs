import globals from 'globals';
import tseslint from 'typescript-eslint';

// Where code runs decides what it may import. Each folder lists what it must not reach; the design's one-way
// arrows (contract <- nango <- requests <- activities <- plugin, worker; contract <- workflows) are these lists turned round.
const NODE_BUILTINS = {
  regex: '^node:|^(fs|path|os|http|https|net|crypto|util|url|child_process|stream|events|buffer|timers)$',
  message: 'Node built-ins do not exist in the workflow sandbox.',
};
const SERVER_LIBRARIES = {
  regex: '^(undici|hono|pino|@hono/.*)$',
  message: 'HTTP and logging stay out of the workflow sandbox.',
};
const ZOD = { regex: '^zod', message: 'No zod in a workflow bundle: types only.', allowTypeImports: true };
const TEMPORAL_PROCESS = {
  regex: '^@temporalio/(activity|client|worker|testing|envconfig|plugin)',
  message: 'Only @temporalio/workflow and @temporalio/common exist in the sandbox.',
  allowTypeImports: true,
};
const folder = (names, message) => ({ regex: `^(\\.\\./|\\./)+(${names})(/|$)`, message });
const types = (rule) => ({ ...rule, allowTypeImports: true });

const restrict = (files, patterns) => ({
  files,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
});

export default tseslint.config(
  { ignores: ['lib/', 'coverage/', 'reference/', 'api/', 'node_modules/'] },
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      globals: globals.node,
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', '*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  { files: ['**/*.js'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  restrict(
    ['src/contract/**'],
    [
      folder(
        'nango|requests|activities|workflows|dev|demo|testing|client|config|plugin|notifier|worker|webhook|web|cli',
        'contract/ imports nothing of ours.',
      ),
      NODE_BUILTINS,
      SERVER_LIBRARIES,
      TEMPORAL_PROCESS,
    ],
  ),
  restrict(
    ['src/contract/*.ts', 'src/workflows/**', 'src/workflow.ts', 'src/workflows.ts'],
    [
      types(
        folder(
          'nango|requests|activities|dev|demo|testing|client|config|plugin|notifier|worker|webhook|web|cli|schemas|contract/schemas',
          'Workflow code imports contract/ and workflows/ only.',
        ),
      ),
      NODE_BUILTINS,
      SERVER_LIBRARIES,
      ZOD,
      TEMPORAL_PROCESS,
    ],
  ),
  {
    files: ['src/contract/*.ts', 'src/workflows/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            ':matches(Program, ExportNamedDeclaration) > VariableDeclaration[kind=/let|var/], ' +
            ':matches(Program, ExportNamedDeclaration) > VariableDeclaration > VariableDeclarator > ' +
            'NewExpression[arguments.length=0][callee.name=/Map$|Set$/]',
          message: 'A bundle may preload this module for all runs: what a run keeps is in workflows/run-state.ts.',
        },
      ],
    },
  },
  restrict(
    ['src/nango/**'],
    [
      folder(
        'requests|activities|workflows|dev|demo|testing|client|plugin|notifier|worker|webhook|web|cli',
        'nango/ knows HTTP and contract/, nothing of Temporal processes.',
      ),
      TEMPORAL_PROCESS,
    ],
  ),
  restrict(
    ['src/requests/**'],
    [
      folder(
        'activities|workflows|dev|demo|testing|client|plugin|worker|webhook|web|cli',
        'requests/ is below activities and client.',
      ),
    ],
  ),
  restrict(
    ['src/client.ts', 'src/webhook.ts'],
    [folder('activities|workflows|dev|demo|testing|plugin|worker|web|cli', 'A client process holds no worker.')],
  ),
  restrict(
    ['src/config.ts'],
    [
      folder(
        'nango|requests|activities|workflows|dev|demo|testing|client|plugin|worker|webhook|web|cli',
        'Settings depend on nothing of ours but contract/.',
      ),
    ],
  ),
  restrict(
    ['src/activities/**'],
    [
      folder(
        'workflows|dev|demo|testing|client|plugin|worker|webhook|web|cli',
        'activities/ is below plugin and worker.',
      ),
    ],
  ),
  restrict(
    ['src/testing/fake-nango/**'],
    [
      folder(
        'nango|requests|activities|workflows|dev|demo|client|plugin|worker|webhook|web|cli',
        'FakeNango shares no code with what it tests.',
      ),
    ],
  ),
  restrict(
    ['src/web/**', 'src/web.ts'],
    [
      folder(
        'activities|workflows|dev|demo|testing|plugin|worker|cli',
        'The web is above the client, and holds no worker.',
      ),
    ],
  ),
  restrict(
    ['examples/**'],
    [
      {
        regex: '^(\\.\\./)+(src|lib|test)(/|$)',
        message: 'An example imports the package by its name, as a user does.',
      },
    ],
  ),
  {
    files: ['test/**', 'examples/**/*.test.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
);
