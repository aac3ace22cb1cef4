import { detailsOf, MESSAGES } from '../../src/contract/errors';
import { failureOf } from '../../src/nango/verdict/fail';
import { final } from './classify-rows';

// What a verdict becomes.

describe('a failure', () => {
  test('says the verdict in numbers and codes, and when to come back', () => {
    const failure = failureOf({
      type: 'Nango.RateLimited',
      retryable: true,
      status: 429,
      code: 'too_many_request',
      retryAfterMs: 5_000,
    });
    expect(failure).toMatchObject({ type: 'Nango.RateLimited', nonRetryable: false, nextRetryDelay: 5_000 });
    expect(detailsOf(failure)).toEqual({ status: 429, code: 'too_many_request', retryAfterMs: 5_000 });
    expect(failure.message).toBe(MESSAGES['Nango.RateLimited']);
  });

  test('is not retried when the verdict says so', () => {
    expect(failureOf(final('Nango.ProviderRejected', 409)).nonRetryable).toBe(true);
  });

  test('names the scope that the key lacks', () => {
    const { message } = failureOf({ ...final('Nango.Forbidden', 403, 'forbidden'), scope: 'environment:proxy' });
    expect(message).toContain('environment:proxy');
  });

  test('names the variable of a key that Nango does not know', () => {
    expect(failureOf(final('Nango.Misconfigured', 401, 'unknown_account')).message).toContain(
      'NANGO_TOOLBOX_SECRET_KEY',
    );
  });

  test('names the variable of a base URL at which something else answers', () => {
    expect(failureOf(final('Nango.Misconfigured', 200)).message).toContain('NANGO_SERVER_URL');
  });
});
