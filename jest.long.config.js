/** The long suite: many rounds, real kills, a real server; the package as it is installed, and the examples. */
const everyday = require('./jest.config.js');

module.exports = {
  ...everyday,
  roots: ['<rootDir>/test/long', '<rootDir>/test/packaging', '<rootDir>/test/examples'],
  testPathIgnorePatterns: [],
  testTimeout: 900_000,
};
