import { NangoConnections } from '../../../client';
import { VERSION } from '../../../version';
import { failed, ok, warning } from '../check';
import type { Check } from '../check';
import { namespaceCheck } from './namespace';
import { settingsCheck } from './settings';

/** What our workers call themselves. */
const OURS = /^temporal-nango\/(?<version>\S+) \d+@(?<host>.+)$/;

const START = 'Start one where the key is set: `temporal-nango worker`.';

/** Who takes the work: nothing goes on without a worker of ours. */
export const workerCheck: Check = {
  name: 'worker',
  after: [settingsCheck, namespaceCheck],
  async run({ temporal, settings }) {
    const config = settings();
    const pollers = await new NangoConnections(await temporal(), { config }).workers();
    if (pollers === undefined) return ok('This Temporal does not say who polls.');
    if (pollers.length === 0) return failed(`Nobody polls the task queue ${config.taskQueue}.`, START);
    const versions = pollers.map(({ identity }) => OURS.exec(identity)?.groups?.version);
    const says = `The task queue ${config.taskQueue} is polled by ${pollers.map(({ identity }) => identity).join(', ')}.`;
    if (versions.every((version) => version === VERSION || version === undefined)) return ok(says);
    return warning(says, `This is version ${VERSION}: install the same for the worker, and start it anew.`);
  },
};
