import { ACTIVITY } from '../../../src/contract/names';
import type { Notifier } from '../../../src/notifier';
import { NangoPlugin } from '../../../src/plugin';
import { bundleFor } from '../bundles';
import { waitFor } from '../user-workflows';
import { tokenIn } from './ledger';
import type { Ledger } from './ledger';
import { INTEGRATION } from './setting';
import type { Stage } from './stage';

/** Label and queue of their own: a watch that was started here would end with this worker. */
const NOTIFIED = 'notified';

/**
 * A worker in this process whose notifier makes a link, cannot deliver it, and says so in every way an error can. It is
 * to be called again after an hour, so that its last failure is there to be read.
 */
export async function failingNotifier(stage: Stage): Promise<void> {
  const { ledger, world } = stage;
  const config = { ...world.config, environment: NOTIFIED };
  const options = {
    taskQueue: NOTIFIED,
    workflowBundle: bundleFor('../../src/worker-workflows'),
    plugins: [new NangoPlugin({ config: { ...config, taskQueue: NOTIFIED }, notifier: undeliverable(ledger) })],
  };
  await stage.withWorker(options, async () => {
    await stage.start(waitFor, { integration: INTEGRATION, endUser: { id: 'notified' }, taskQueue: NOTIFIED });
    const id = `nango/${NOTIFIED}/${INTEGRATION}/u:notified`;
    await stage.until(
      id,
      ({ activityType, lastFailure }) => activityType?.name === ACTIVITY.notify && Boolean(lastFailure),
    );
    await stage.inspect(id);
  });
}

function undeliverable(ledger: Ledger): Notifier {
  return async (_, request) => {
    const link = ledger.secret('connect link of the notifier', await request.connectLink());
    ledger.secret('token in the connect link of the notifier', tokenIn(link));
    const address = `https://hooks.test/${ledger.secret('address that the notifier posts to')}`;
    const sent = { url: address, headers: { authorization: ledger.secret('key of the notifier') }, data: link };
    const cause = new Error(`${address} answered ${ledger.secret('what the notifier was answered')}`);
    ledger.saw(JSON.stringify([sent, cause.message]));
    throw Object.assign(new Error(`Could not post ${link} to ${address}`, { cause }), { config: sent });
  };
}
