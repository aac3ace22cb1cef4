const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that take longest, by far: begun last, one would run alone at the end. */
const LONGEST = [
  'cli/everyday',
  'browser/accessibility',
  'secrets',
  'workflows/recreate',
  'workflows/recreate-operator',
  'workflows/recreate-half-way',
  'workflows/holding',
  'cli/doctor',
  'workflows/healing',
  'cli/calls',
  'browser/inbox',
  'browser/connect-page',
  'web/inbox-owner',
  'workflows/owner-confirmation',
  'workflows/reconnect',
  'workflows/watch',
  'workflows/waiting',
  'workflows/continue-as-new',
  'demo',
  'long/recreate-kills',
  'long/deploy-kills',
  'long/server-kills',
  'long/image',
  'long/watch',
  'long/healing-kills',
  'long/health',
  'long/joining',
  'long/approval-kills',
  'packaging/packaging',
  'long/reminder-kills',
  'long/bulk-kills',
  'long/web-kills',
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
