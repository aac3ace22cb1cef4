/** Writes the pictures of `docs/images` anew. */
const everyday = require('./jest.config.js');

module.exports = {
  ...everyday,
  roots: ['<rootDir>/test/browser'],
  testMatch: ['**/screenshots.ts'],
};
