const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that take longest, by far: begun last, one would run alone at the end. */
const LONGEST = [
  'packaging/packaging',
  'demo',
  'workflows/parked',
  'workflows/waiting',
  'workflows/request-invariants',
  'workflows/watch',
  'secrets',
  'cli/everyday',
  'dev/start-temporal',
  'dev/sdk-download',
  'browser/connect-page',
  'browser/inbox',
  'web/connect-page',
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
