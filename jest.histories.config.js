/** Not a suite: records the histories of `test/histories` anew. */
const everyday = require('./jest.config.js');

module.exports = {
  ...everyday,
  roots: ['<rootDir>/test/histories'],
  testMatch: ['**/record.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  testTimeout: 180_000,
  maxWorkers: 1,
};
