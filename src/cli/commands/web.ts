import type { Command } from 'commander';
import pino from 'pino';
import { resolveConfig } from '../../config';
import { serveWeb } from '../../web/serve';
import type { ServedWeb, ServeWebOptions } from '../../web/serve';
import { actionOf } from '../terminal/result';
import { usage } from '../terminal/failure';
import { hostPort } from '../options/host-port';
import { wholeNumber } from '../options/whole-number';
import { leaf } from '../terminal/leaf';
import { connectTemporal } from '../temporal';
import { untilAborted } from '../terminal/until-aborted';

interface WebOptions {
  public: string;
  inbox: string;
  trustedProxies: string;
  verifyOwner?: true;
}

const STANDARD_ERROR = 2;

/** `temporal-nango web`: the connect page and webhooks on one listener, the operator's inbox on another. */
export function webCommand(): Command {
  return leaf('web', "Serve the connect page, Nango's webhooks, and the operator's inbox, until it is stopped.", {
    timeout: false,
    examples: [
      ['web', 'on this machine only'],
      ['web --public 0.0.0.0:8787', 'let others reach the connect page and the webhooks; not the inbox'],
      ['web --trusted-proxies 1', 'one proxy of yours stands in front and sets X-Forwarded-For'],
    ],
  })
    .option('--public <host:port>', 'where people and Nango come', '127.0.0.1:8787')
    .option('--inbox <host:port>', 'where operators come', '127.0.0.1:8788')
    .option('--trusted-proxies <n>', 'proxies in front of the public address', '0')
    .option('--verify-owner', 'whoever connects has to confirm it in the browser in which they clicked')
    .action(
      actionOf(
        async ({ io, json, signal }, options: WebOptions) => {
          const config = resolveConfig();
          const [open, inbox] = [hostPort('--public', options.public), hostPort('--inbox', options.inbox)];
          const { verifyOwner } = options;
          const trustedProxies = wholeNumber('--trusted-proxies', options.trustedProxies, { least: 0, most: 99 });
          const log = pino({ base: undefined }, pino.destination({ dest: STANDARD_ERROR, sync: true }));
          const { client, close } = await connectTemporal();
          try {
            const onRequest: ServeWebOptions['onRequest'] = (line) => log.info(line);
            const sides = { public: open, inbox, trustedProxies, verifyOwner };
            const web = await serve({ client, config, ...sides, onRequest });
            const { publicUrl, inboxUrl, loginUrl } = web;
            await io.print(json ? JSON.stringify({ publicUrl, inboxUrl, loginUrl }) : addresses(web));
            await untilAborted(signal);
            await web.close();
          } finally {
            await close();
          }
          return { value: undefined, text: '' };
        },
        { drains: true },
      ),
    );
}

async function serve(options: ServeWebOptions): Promise<ServedWeb> {
  try {
    return await serveWeb(options);
  } catch (error) {
    const { code, syscall, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
    if (syscall !== 'listen' && syscall !== 'getaddrinfo') throw error;
    throw usage(
      `${address ?? 'An address'}:${port ?? ''} cannot be listened on (${code}).`,
      'Give another with --public or --inbox.',
    );
  }
}

function addresses({ publicUrl, inboxUrl, loginUrl }: ServedWeb): string {
  const lines = [`Public  ${publicUrl}`, `Inbox   ${inboxUrl}`];
  if (loginUrl !== undefined) lines.push(`Log in  ${loginUrl}`);
  return lines.join('\n');
}
