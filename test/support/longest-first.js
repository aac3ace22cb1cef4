const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that take longest, by far: begun last, one would run alone at the end. */
const LONGEST = [
  'cli/everyday',
  'secrets',
  'browser/accessibility',
  'cli/doctor',
  'workflows/waiting',
  'workflows/reconnect',
  'cli/calls',
  'demo',
  'browser/connect-page',
  'workflows/watch',
  'workflows/continue-as-new',
  'browser/inbox',
].map((name) => `/test/${name}.test.ts`);

/** A machine that has never run the tests does not know yet how long they take. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const at = LONGEST.findIndex((name) => path.endsWith(name));
      return at < 0 ? LONGEST.length : at;
    };
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
};
