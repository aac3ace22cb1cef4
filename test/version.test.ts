import { version } from '../package.json';
import { VERSION } from '../src/version';

test('the version we tell servers is the version of the package', () => {
  expect(VERSION).toBe(version);
});
