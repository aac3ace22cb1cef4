import { findNangoFailure } from '../../../contract/errors';
import { shellCommand } from '../../../dev/shell-command';
import { CliFailure } from '../../terminal/failure';
import { failed, ok } from '../check';
import type { Check } from '../check';

const DEFAULT_PORT = 7233;

export const temporalCheck: Check = {
  name: 'Temporal',
  after: [],
  async run({ temporal, temporalPlace }) {
    try {
      await temporal();
    } catch (error) {
      if (error instanceof CliFailure) return failed(error.message, error.hint ?? '');
      const failure = findNangoFailure(error);
      if (failure?.type !== 'Nango.TemporalUnavailable') throw error;
      const { address } = temporalPlace();
      return failed(`It cannot be reached at ${address}.`, fixFor(address));
    }
    return ok(`It answers at ${temporalPlace().address}.`);
  },
};

function fixFor(address: string): string {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(address) ?? [];
  const isHere = ['127.0.0.1', 'localhost', '[::1]'].includes(host);
  const start = shellCommand('temporal', ['server', 'start-dev', '--port', port || String(DEFAULT_PORT)]);
  const elsewhere = 'set where yours is, with the credentials it wants: `export TEMPORAL_ADDRESS=<host:port>`';
  return isHere ? `Start one: \`${start}\`; or ${elsewhere}.` : `${elsewhere.replace(/^s/, 'S')}.`;
}
