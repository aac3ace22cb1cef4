import globals from 'globals';
import tseslint from 'typescript-eslint';
import { floorConfigs } from './eslint.floors.mjs';

const TEMPORAL_INTERNALS = {
  // `lib/protobufs` is an entry point by Temporal's own documentation.
  regex: '^@temporalio/[^/]+/(lib|src)(/(?!protobufs$)|$)',
  message: "Temporal changes its internals in any release; users' versions differ from ours.",
};

export default tseslint.config(
  { ignores: ['lib/', 'coverage/', 'reference/', 'api/', 'node_modules/'] },
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      globals: globals.node,
      parserOptions: {
        // One program for all files: a project service, which serves editors, makes a third more of it.
        project: ['./tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [TEMPORAL_INTERNALS] }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  { files: ['**/*.js'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  ...floorConfigs,
  {
    files: ['src/contract/**', 'src/workflows/**'],
    ignores: ['src/contract/schemas/**'],
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
  {
    files: ['examples/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            TEMPORAL_INTERNALS,
            {
              regex: '^(\\.\\./)+(src|lib|test)(/|$)',
              message: 'An example imports the package by its name, as a user does.',
            },
          ],
        },
      ],
    },
  },
  {
    // What a page shows has no more in it than it is about.
    files: ['test/**', 'examples/**/*.test.ts', 'examples/docs/**'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
);
