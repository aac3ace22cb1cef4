import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { smtpNotifier } from '../../../src/notifier/smtp';
import { readNotice, webhookNotifier } from '../../../src/notifier/webhook';
import type { Notifier } from '../../../src/notifier';
import { NangoPlugin } from '../../../src/plugin';
import { ACTIVITY } from '../../../src/contract/names';
import { bundleFor } from '../bundles';
import { waitFor } from '../user-workflows';
import type { Ledger } from './ledger';
import { INTEGRATION } from './setting';
import type { Stage } from './stage';

/** Label and queue of their own: a watch that was started here would end with this worker. */
const DELIVERED = 'delivered';

/** Notices by webhook and by mail, both of which are refused: what opens the two, and the link, is in no failure. */
export async function refusedNotices(stage: Stage): Promise<void> {
  const { ledger, world } = stage;
  const [receiver, mailServer] = [await refusingReceiver(ledger), await refusingMailServer(ledger)];
  const linkKey = ledger.secret('link key of the refused notices');
  // It signs, and is seen nowhere: the link is.
  ledger.worked('link key of the refused notices');
  const config = { ...world.config, environment: DELIVERED, taskQueue: DELIVERED, linkKeys: [linkKey] };
  const by: Notifier = async (notice, request, signal) => {
    const link = ledger.secret('permanent link of a refused notice', request.permanentLink());
    ledger.saw(link);
    const ends = await Promise.allSettled([
      receiver.notifier(notice, request, signal),
      mailServer.notifier(notice, request, signal),
    ]);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  };
  const options = {
    taskQueue: DELIVERED,
    workflowBundle: bundleFor('../../src/worker-workflows'),
    plugins: [new NangoPlugin({ config: { ...config, publicUrl: 'https://app.test' }, notifier: by })],
  };
  try {
    await stage.withWorker(options, async () => {
      await stage.start(waitFor, { integration: INTEGRATION, endUser: { id: 'delivered' }, taskQueue: DELIVERED });
      const id = `nango/${DELIVERED}/${INTEGRATION}/u:delivered`;
      await stage.until(
        id,
        ({ activityType, lastFailure }) => activityType?.name === ACTIVITY.notify && Boolean(lastFailure),
      );
      await stage.inspect(id);
    });
  } finally {
    await Promise.all([receiver.close(), mailServer.close()]);
  }
}

async function refusingReceiver(ledger: Ledger): Promise<{ notifier: Notifier; close: () => Promise<unknown> }> {
  const secret = ledger.secret('secret of the webhook', `whsec_${randomBytes(32).toString('base64')}`);
  const path = ledger.secret('path of the webhook');
  const said = ledger.secret('what the receiver of the webhook says');
  const server = createServer((req, res) => {
    void text(req).then((body) => {
      if (readNotice(body, req.headers, secret) !== undefined) ledger.worked('secret of the webhook');
      ledger.saw(req.url ?? '');
      ledger.saw(said);
      res.writeHead(400).end(said);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { notifier: webhookNotifier({ url, secret }), close };
}

async function refusingMailServer(ledger: Ledger): Promise<{ notifier: Notifier; close: () => Promise<unknown> }> {
  const pass = ledger.secret('password of the mail server');
  const said = ledger.secret('what the mail server says');
  const server = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onAuth({ password }, _, callback) {
      ledger.saw(password ?? '');
      ledger.saw(said);
      callback(new Error(said));
    },
  });
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const notifier = smtpNotifier({
    transport: `smtp://crm:${pass}@127.0.0.1:${port}`,
    from: 'crm@example.com',
    to: () => 'ann@example.com',
  });
  return { notifier, close: () => new Promise((resolve) => server.close(() => resolve(undefined))) };
}
