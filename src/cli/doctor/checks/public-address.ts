import { Agent, request } from 'undici';
import { shellCommand } from '../../../dev/shell-command';
import { isFree } from '../../../dev/is-free';
import { failed, ok, warning } from '../check';
import type { Check } from '../check';
import { settingsCheck } from './settings';

const WITHIN_MS = 5_000;
/** Where `web` puts the inbox unless it is told otherwise. */
const INBOX_PORT = 8788;

/** Whether the connect page and the webhook route can be reached, from here at least. */
export const publicAddressCheck: Check = {
  name: 'public address',
  after: [settingsCheck],
  async run({ settings }) {
    const { publicUrl } = settings();
    if (publicUrl === undefined) {
      return warning(
        'None is set: there is no connect page to send people to.',
        'Run `temporal-nango web`, and say where people reach it: `export TEMPORAL_NANGO_PUBLIC_URL=http://127.0.0.1:8787`, or what your proxy makes of it.',
      );
    }
    const fault = await faultOf(`${publicUrl}/healthz`);
    if (fault === undefined) return ok(`${publicUrl} answers.`);
    return failed(`${publicUrl}/healthz ${fault}.`, await fixFor(publicUrl));
  },
};

/** @returns what is wrong; nothing if it answers well */
async function faultOf(url: string): Promise<string | undefined> {
  const agent = new Agent({ connectTimeout: WITHIN_MS });
  try {
    const { statusCode, body } = await request(url, { dispatcher: agent, signal: AbortSignal.timeout(WITHIN_MS) });
    await body.dump();
    return statusCode === 200 ? undefined : `answers ${statusCode}`;
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    return `cannot be reached from here (${code ?? name})`;
  } finally {
    await agent.destroy();
  }
}

async function fixFor(publicUrl: string): Promise<string> {
  const { protocol, hostname, port } = new URL(publicUrl);
  const isHere = protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  if (!isHere) {
    return `Start it with \`temporal-nango web\`, and let your proxy pass ${publicUrl} on to it; or correct TEMPORAL_NANGO_PUBLIC_URL.`;
  }
  const start = ['web', '--public', `${hostname}:${port || 80}`];
  if (!(await isFree(INBOX_PORT))) start.push('--inbox', '127.0.0.1:0');
  return `Start it: \`${shellCommand('temporal-nango', start)}\`.`;
}
