// Lets Node run the TypeScript of a benchmark and of `src` as it is: `node --require ./bench/register.js FILE`.
const { extname } = require('node:path');
const { transformFileSync } = require('@swc/core');

for (const extension of ['.ts', '.tsx']) {
  require.extensions[extension] = (module, file) => {
    const { code } = transformFileSync(file, {
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', tsx: extname(file) === '.tsx' },
        transform: { react: { runtime: 'automatic', importSource: 'hono/jsx' } },
      },
      module: { type: 'commonjs' },
      sourceMaps: 'inline',
    });
    module._compile(code, file);
  };
}
