/**
 * Parses command lines by the built program, and carries none of them out: it loads its commands by `import()`, which a
 * test cannot.
 *
 *   node test/docs/parse-commands.js < [[…arguments], …]    writes [{ code?, message? }, …], empty for what is accepted
 */
const { program } = require('../../lib/cli/main.js');

/** Everything is parsed, and nothing done. */
function withoutActions(command) {
  command.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  // A group has no action of its own: it is an error to stop there.
  if (command.commands.length === 0 || command._actionHandler) command.action(() => undefined);
  for (const one of command.commands) withoutActions(one);
}

async function refusal(args) {
  const root = await program(args[0]);
  withoutActions(root);
  try {
    await root.parseAsync(args, { from: 'user' });
    return {};
  } catch (error) {
    return error.exitCode === 0 ? {} : { code: error.code, message: error.message };
  }
}

async function main() {
  let input = '';
  for await (const chunk of process.stdin) input += chunk;
  const refusals = [];
  for (const args of JSON.parse(input)) refusals.push(await refusal(args));
  process.stdout.write(JSON.stringify(refusals));
}

void main();
