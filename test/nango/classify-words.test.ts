import { failureOf } from '../../src/nango/verdict/fail';
import { RECHECK_CONNECTION } from '../../src/nango/verdict/verdict';
import { ACTIONS, response, judge, PROXIED } from './classify-rows';

// A failure lands in a history in clear: nothing that somebody else has said gets into it.

describe('what a provider says', () => {
  const CANARY = 'canary';
  const words = {
    error: {
      code: `${CANARY}-1 said so`,
      message: `Insufficient scope. Required: ${CANARY} no`,
      method: CANARY,
      upstream: { status: 500, body: CANARY },
      payload: { [CANARY]: CANARY },
    },
    message: CANARY,
    code: CANARY,
  };
  const bodies: [string, unknown][] = [
    ['an error of words', words],
    ['an error whose code looks like Nango’s', { error: { ...words.error, code: `${CANARY}_code` } }],
    ['a scope that is none', { error: { code: 'forbidden', message: `Required one of: ${CANARY}:read` } }],
    ['a code beside a message', { message: CANARY, code: `${CANARY}_code` }],
    ['a code beside a message, in capitals', { message: CANARY, code: `E_${CANARY.toUpperCase()}`, extra: CANARY }],
    ['text', CANARY],
  ];
  const statuses = [301, 400, 401, 402, 403, 404, 409, 410, 422, 424, 429, 500, 502, 503];
  const headers = { 'retry-after': CANARY, 'x-ratelimit-reset': CANARY, location: CANARY, 'x-request-id': CANARY };

  test.each(bodies)('never gets into a failure of a proxied call: %s', (_, body) => {
    for (const status of statuses) {
      for (const request of PROXIED) {
        const first = judge(request, response(status, body, headers));
        const verdict =
          first === RECHECK_CONNECTION ? judge(request, response(status, body, headers), response(200, {})) : first;
        if (typeof verdict !== 'object') throw new Error(`${status} was taken for a success`);
        const failure = failureOf(verdict);
        expect(JSON.stringify([failure.message, failure.details, failure.stack])).not.toMatch(/canary/i);
      }
    }
  });

  test('never gets into a failure of an action, whose codes are Nango’s', () => {
    const { upstream, payload } = words.error;
    for (const code of ['script_http_error', 'action_script_runtime_error', 'invalid_action_output', 'x y canary']) {
      for (const request of ACTIONS) {
        const body = { error: { code, message: CANARY, upstream, payload } };
        const verdict = judge(request, response(424, body, headers));
        if (typeof verdict !== 'object') throw new Error('was taken for a success');
        const failure = failureOf(verdict);
        expect(JSON.stringify([failure.message, failure.details])).not.toContain(CANARY);
      }
    }
  });
});
