/** Of this package, read from its `package.json`, which lies above `src/` and `lib/` alike. */
// eslint-disable-next-line @typescript-eslint/no-require-imports, boundaries/dependencies -- an import would be built into lib/
export const { version: VERSION } = require('../package.json') as { version: string };
