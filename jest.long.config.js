/** The long drills: many rounds, real kills, a real server. */
const everyday = require('./jest.config.js');

module.exports = {
  ...everyday,
  roots: ['<rootDir>/test/long'],
  testPathIgnorePatterns: [],
  testTimeout: 900_000,
  maxWorkers: 1,
};
