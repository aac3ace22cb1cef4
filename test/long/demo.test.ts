import { DIGEST, reportOf, tampered } from '../support/demo-process';

// Whole demos with a provider that answers one call differently.

test('one altered answer changes the digest', async () => {
  const { code, stdout } = await tampered(7, 'altered');
  expect(reportOf(stdout).digest).not.toBe(DIGEST);
  expect(code).toBe(0);
});

test('one failed call is exit 1', async () => {
  const { code, stdout } = await tampered(7, 'fail');
  expect(reportOf(stdout).calls).toEqual({ total: 203, succeeded: 202, failed: 1 });
  expect(code).toBe(1);
});
