/**
 * Lints texts by the rules for imports, in a process of its own: ESLint loads its configuration as ES modules, which jest
 * cannot. Reads `[{ filePath, text }]`, says the list of floors and the lines of each text that are refused.
 */
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';
import { FLOORS } from '../../eslint.floors.mjs';

const eslint = new ESLint({
  ruleFilter: ({ ruleId }) => ruleId.startsWith('boundaries/'),
  // None of these rules needs types, which take long to read.
  overrideConfig: { languageOptions: { parserOptions: { project: false } } },
});

const refused = [];
for (const { filePath, text: code } of JSON.parse(await text(process.stdin))) {
  const [{ messages }] = await eslint.lintText(code, { filePath });
  refused.push(messages.map(({ line, ruleId, message }) => ({ line, why: ruleId ?? message })));
}
process.stdout.write(JSON.stringify({ floors: FLOORS, refused }));
