import { withTypedFailures } from '../../src/requests/typed-failures';
import { failureOf } from '../support/world';

/** As Temporal refuses an update whose workflow task has failed. */
const refused = (): Error => Object.assign(new Error('refused'), { code: 9 });

/** Fails so often, and says how often it was made. */
function failing(times: number) {
  let made = 0;
  return {
    call: () => (made++ < times ? Promise.reject(refused()) : Promise.resolve('done')),
    made: () => made,
  };
}

test('an update that met a workflow task which failed is made again', async () => {
  const { call, made } = failing(2);
  expect(await withTypedFailures(call)).toBe('done');
  expect(made()).toBe(3);
});

test('one at which it fails again and again is Nango.NoWorker', async () => {
  const { call, made } = failing(Infinity);
  expect(await failureOf(withTypedFailures(call))).toMatchObject({
    type: 'Nango.NoWorker',
    code: 'FAILED_PRECONDITION',
  });
  expect(made()).toBe(4);
});

test('one whose deadline passes while the client is about to try again is typed as any that passes', async () => {
  const cancelled = Object.assign(new Error('Failed to get activity result'), {
    cause: Object.assign(new Error('1 CANCELLED'), { code: 1 }),
  });
  expect(await failureOf(withTypedFailures(() => Promise.reject(cancelled)))).toMatchObject({
    type: 'Nango.TemporalUnavailable',
    code: 'CANCELLED',
  });
});
