import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { inspect } from 'node:util';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';
import type { Notice } from '../../src/contract/types';
import { inTime } from '../../src/activities/notify';
import { freePort } from '../../src/dev/free-port';
import { operatorSmtpNotifier, smtpNotifier } from '../../src/notifier/smtp';
import type { SmtpNotifierOptions } from '../../src/notifier/smtp';
import { eventually } from '../support/eventually';
import { failureOf } from '../support/world';
import { going, LINK, noticeOf, outageNotice, questionNoticeOf, request, setUpNotice, unlinked } from './notices';

const closing: (() => unknown)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Delivered {
  from: string;
  to: string[];
  raw: string;
}

/** A mail server on this machine. */
async function mailServer(options: SMTPServerOptions = {}) {
  const mails: Delivered[] = [];
  let open = 0;
  let most = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onConnect(_, callback) {
      most = Math.max(most, ++open);
      callback();
    },
    onClose: () => open--,
    onData(stream, { envelope }, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString();
        const { mailFrom, rcptTo } = envelope;
        mails.push({ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address), raw });
        callback();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  closing.push(() => server.close());
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, port, mails, most: () => most };
}

const FROM = 'Example CRM <crm@example.com>';

function optionsOf(over: Partial<SmtpNotifierOptions<Notice>>): SmtpNotifierOptions<Notice> {
  return { transport: 'smtp://127.0.0.1:1', from: FROM, to: ({ owner }) => owner.endUser?.email, ...over };
}

async function send(over: Partial<SmtpNotifierOptions<Notice>>, notice = noticeOf(), signal = going()): Promise<void> {
  await smtpNotifier(optionsOf(over))(notice, request, signal);
}

/** Headers by name, unfolded; and what comes after them. */
function parsed(raw: string): { headers: Map<string, string>; body: string } {
  const [head = '', ...body] = raw.split('\r\n\r\n');
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = new Map(lines.map((line) => [line.split(':')[0]!.toLowerCase(), line.replace(/^[^:]*:\s*/, '')]));
  return { headers, body: body.join('\r\n\r\n').replace(/=\r\n/g, '').replaceAll('=3D', '=') };
}

describe('a mail', () => {
  test('says what is asked, as text and as HTML, with the link in both', async () => {
    const { url, mails } = await mailServer();
    await send({ transport: url });
    const { headers, body } = parsed(mails[0]!.raw);
    expect(mails[0]).toMatchObject({ from: 'crm@example.com', to: ['ann@example.com'] });
    expect(headers.get('subject')).toBe('Please connect hubspot');
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(body.split(LINK)).toHaveLength(3);
    expect(body).toMatch(/text\/plain[^]*text\/html/);
  });

  test('keeps its id when it is sent once more, and another one has another', async () => {
    const { url, mails } = await mailServer();
    await send({ transport: url });
    await send({ transport: url });
    await send({ transport: url }, noticeOf({ reason: 'reminder', reminders: 1 }));
    const [first, again, other] = mails.map(({ raw }) => parsed(raw).headers.get('message-id'));
    expect(first).toMatch(/^<[\w-]{32}@example\.com>$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  test('is from nobody else, and to nobody else, whatever a name holds', async () => {
    const { url, mails } = await mailServer();
    const nasty = 'Ann\r\nBcc: eve@evil.example\r\n\r\n<b>x</b>\u202e';
    const accountChange = { recorded: nasty, found: nasty };
    const notice = noticeOf({ integration: `crm${nasty}` });
    await send({ transport: url }, { ...notice, question: { ...notice.question, kind: 'reconnect', accountChange } });
    const { headers, body } = parsed(mails[0]!.raw);
    expect(mails[0]!.to).toEqual(['ann@example.com']);
    expect(headers.has('bcc')).toBe(false);
    expect(body).not.toContain('<b>x</b></p>');
    expect(body).toContain('&lt;b&gt;x&lt;/b&gt;');
    expect(mails[0]!.raw).not.toMatch(/\u202e|=E2=80=AE/);
  });

  test.each([
    ['two in one', 'ann@example.com,eve@evil.example'],
    ['a name before it', 'Ann <ann@example.com>'],
    ['a line after it', 'ann@example.com\r\nRCPT TO:<eve@evil.example>'],
    ['a space', 'ann @example.com'],
    ['no domain', 'ann'],
    ['a mark that nobody sees', 'ann\u200b@example.com'],
  ])('is sent to no address that is not one: %s', async (_, address) => {
    const { url, mails } = await mailServer();
    expect(await failureOf(send({ transport: url, to: () => ['bob@example.com', address] }))).toMatchObject({
      ...{ type: 'Nango.NotifierFailed', reason: 'bad_address' },
    });
    expect(mails).toEqual([]);
  });

  test('is not sent where nobody is named', async () => {
    const { url, mails } = await mailServer();
    await send({ transport: url }, noticeOf({ owner: { organization: { id: 'acme' } } }));
    await send({ transport: url, to: () => [] });
    expect(mails).toEqual([]);
  });

  test('without a link is not sent: it would ask for what cannot be done', async () => {
    const { url, mails } = await mailServer();
    const notifying = Promise.resolve(smtpNotifier(optionsOf({ transport: url }))(noticeOf(), unlinked, going()));
    expect(await failureOf(notifying)).toMatchObject({ type: 'Nango.NotifierFailed', reason: 'no_link' });
    expect(mails).toEqual([]);
  });

  test('for operators leads to the inbox', async () => {
    const { url, mails } = await mailServer();
    const notify = operatorSmtpNotifier({ transport: url, from: 'crm@example.com', to: () => 'ops@example.com' });
    for (const notice of [questionNoticeOf(), setUpNotice, outageNotice]) await notify(notice, going());
    expect(mails.map(({ raw }) => parsed(raw).headers.get('subject'))).toEqual([
      'Which hubspot connection is meant?',
      'Reminder: The integration notes has to be set up',
      'hubspot seems to be down',
    ]);
    expect(parsed(mails[0]!.raw).body).toContain(questionNoticeOf().page);
  });

  test('says what a template of your own says', async () => {
    const { url, mails } = await mailServer();
    const template: SmtpNotifierOptions<Notice>['template'] = ({ link }, { integration }) => ({
      ...{ subject: `Hello\r\nBcc: eve@evil.example ${integration}`, text: link!.url, html: '<p>Hello</p>' },
    });
    await send({ transport: url, template });
    const { headers, body } = parsed(mails[0]!.raw);
    expect(headers.has('bcc')).toBe(false);
    expect(body).toContain('<p>Hello</p>');
  });

  test("goes by a transporter of nodemailer's that you have made", async () => {
    const { port, mails } = await mailServer();
    await send({ transport: createTransport({ host: '127.0.0.1', port }) });
    expect(mails).toHaveLength(1);
  });

  test('goes by a transporter of your own', async () => {
    const sent: unknown[] = [];
    await send({ transport: { sendMail: (mail) => Promise.resolve(sent.push(mail)) } });
    expect(sent).toMatchObject([{ to: ['ann@example.com'], subject: 'Please connect hubspot' }]);
  });
});

describe('a mail server', () => {
  test('that refuses a mail is named by its status alone', async () => {
    const refuse = Object.assign(new Error('No such user here: ann@example.com'), { responseCode: 550 });
    const { url, mails } = await mailServer({ onRcptTo: (_, __, callback) => callback(refuse) });
    const error = await send({ transport: url }).catch((caught: unknown) => caught);
    expect(await failureOf(Promise.reject(error as Error))).toMatchObject({ reason: 'not_delivered', status: 550 });
    expect(inspect(error, { depth: 10 })).not.toContain('ann@example.com');
    expect(mails).toEqual([]);
  });

  test('gets the password by the address, and no error says it', async () => {
    let given: unknown;
    const { port, mails } = await mailServer({
      allowInsecureAuth: true,
      authOptional: false,
      onAuth({ password }, _, callback) {
        given = password;
        if (password === 'p@ss:w/rd') callback(null, { user: 'ann' });
        else callback(new Error('wrong'));
      },
    });
    await send({ transport: `smtp://ann:${encodeURIComponent('p@ss:w/rd')}@127.0.0.1:${port}` });
    expect(given).toBe('p@ss:w/rd');
    expect(mails).toHaveLength(1);
    const error = await send({ transport: `smtp://ann:hunter2hunter2@127.0.0.1:${port}` }).catch((e: unknown) => e);
    expect(await failureOf(Promise.reject(error as Error))).toMatchObject({ reason: 'not_delivered', status: 535 });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hunter2');
  });

  test('that is not there', async () => {
    const transport = `smtp://127.0.0.1:${await freePort()}`;
    expect(await failureOf(send({ transport }))).toMatchObject({ reason: 'not_delivered' });
  });

  test('that speaks no TLS gets nothing where TLS is demanded', async () => {
    const { port, mails } = await mailServer();
    const transport = { host: '127.0.0.1', port, requireTLS: true };
    expect(await failureOf(send({ transport }))).toMatchObject({ reason: 'not_delivered' });
    expect(mails).toEqual([]);
  });

  test('whose certificate nobody has signed gets nothing', async () => {
    // smtp-server has a certificate of its own for tests, and says so.
    const warned = jest.spyOn(console, 'error').mockImplementation();
    closing.push(() => warned.mockRestore());
    const { port, mails } = await mailServer({ disabledCommands: [] });
    const transport = { host: '127.0.0.1', port, requireTLS: true };
    expect(await failureOf(send({ transport }))).toMatchObject({ reason: 'not_delivered' });
    expect(mails).toEqual([]);
  });

  test('that hangs is given up by the bounds of the options', async () => {
    const silent: Server = createServer(() => undefined).listen(0, '127.0.0.1');
    closing.push(() => silent.close());
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const transport = { host: '127.0.0.1', port, greetingTimeout: 200 };
    expect(await failureOf(send({ transport }))).toMatchObject({ reason: 'not_delivered' });
  });

  test('gets 100 at once by a few connections', async () => {
    const { url, mails, most } = await mailServer();
    const notify = smtpNotifier(optionsOf({ transport: url }));
    await Promise.all(
      Array.from({ length: 100 }, async (_, i) => await notify(noticeOf({ reminders: i }), request, going())),
    );
    expect(mails).toHaveLength(100);
    expect(most()).toBeLessThanOrEqual(5);
  });
});

describe('by a transporter that is slow', () => {
  /** Mails are taken from it when they are let. */
  function slowTransporter() {
    const begun: string[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const sendMail = async ({ messageId }: { messageId: string }) => {
      begun.push(messageId);
      await held;
    };
    return { transport: { sendMail }, begun, release };
  }

  const nth = (i: number) => noticeOf({ reminders: i });

  test('nothing is sent of what has ended while it waited its turn', async () => {
    const { transport, begun, release } = slowTransporter();
    const notify = smtpNotifier(optionsOf({ transport }));
    const ended = new AbortController();
    const sending = Array.from({ length: 5 }, async (_, i) => await notify(nth(i), request, going()));
    const waiting = failureOf(Promise.resolve(notify(nth(5), request, ended.signal)));
    await eventually(() => Promise.resolve(begun.length === 5 || undefined));
    ended.abort();
    release();
    expect(await waiting).toMatchObject({ reason: 'not_delivered' });
    await Promise.all(sending);
    expect(begun).toHaveLength(5);
  });

  describe('in time', () => {
    beforeEach(() => void jest.useFakeTimers());
    afterEach(() => void jest.useRealTimers());

    test('what is called again since its time was up is not sent as well when its turn comes', async () => {
      const { transport, begun, release } = slowTransporter();
      const notify = smtpNotifier(optionsOf({ transport }));
      const all = Array.from({ length: 20 }, async (_, i) =>
        failureOf(inTime(async (signal) => await notify(nth(i), request, signal), going())),
      );
      await jest.advanceTimersByTimeAsync(30_000);
      const reasons = (await Promise.all(all)).map((failure) => failure?.reason);
      expect(reasons).toEqual(Array.from({ length: 20 }, () => 'not_delivered'));
      release();
      await jest.advanceTimersByTimeAsync(30_000);
      expect(begun).toHaveLength(5);
    });

    test('what could not be taken in time any more is not begun', async () => {
      const { transport, begun, release } = slowTransporter();
      const notify = smtpNotifier(optionsOf({ transport }));
      const sending = Array.from({ length: 5 }, async (_, i) => await notify(nth(i), request, going()));
      const waiting = failureOf(Promise.resolve(notify(nth(5), request, going())));
      await jest.advanceTimersByTimeAsync(21_000);
      release();
      expect(await waiting).toMatchObject({ reason: 'not_delivered' });
      await Promise.all(sending);
      expect(begun).toHaveLength(5);
    });

    test('one that hangs is given up, and others are sent', async () => {
      const { transport, begun } = slowTransporter();
      const notify = smtpNotifier(optionsOf({ transport }));
      const hanging = Array.from({ length: 5 }, (_, i) => failureOf(Promise.resolve(notify(nth(i), request, going()))));
      await jest.advanceTimersByTimeAsync(29_000);
      expect((await Promise.all(hanging)).map((failure) => failure?.reason)).toContain('not_delivered');
      void failureOf(Promise.resolve(notify(nth(5), request, going())));
      await jest.advanceTimersByTimeAsync(0);
      expect(begun).toHaveLength(6);
      await jest.advanceTimersByTimeAsync(30_000);
    });
  });
});

test('a notifier whose time is up learns it, and is told apart from one that throws', async () => {
  jest.useFakeTimers();
  try {
    let given: AbortSignal | undefined;
    const failing = failureOf(
      inTime(async (signal) => {
        given = signal;
        await new Promise(() => undefined);
      }, going()),
    );
    await jest.advanceTimersByTimeAsync(29_999);
    expect(given?.aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(given?.aborted).toBe(true);
    expect(await failing).toMatchObject({ type: 'Nango.NotifierFailed', reason: 'timed_out' });
  } finally {
    jest.useRealTimers();
  }
});

describe('is refused at once', () => {
  test.each([
    ['an address of another kind', { transport: 'https://mail.example.com' }, 'transport'],
    ['no address', { transport: 'mail.example.com' }, 'transport'],
    ['options in the address', { transport: 'smtp://mail.example.com/?tls.rejectUnauthorized=false' }, 'transport'],
    ['a password that is not encoded', { transport: 'smtps://crm:100%sure@mail.example.com' }, 'transport'],
    ['options without a host', { transport: { port: 25 } }, 'transport'],
    ['a sender of two lines', { from: 'CRM\r\nBcc: eve@evil.example <crm@example.com>' }, 'from'],
    ['a sender without an address', { from: 'CRM' }, 'from'],
  ])('%s', async (_, over, field) => {
    const make = () => Promise.resolve().then(() => smtpNotifier(optionsOf(over)));
    expect(await failureOf(make())).toMatchObject({ type: 'Nango.Misconfigured', field });
  });

  test('a machine without nodemailer, with what helps', () => {
    jest.doMock('node:module', () => ({
      createRequire: () => () => {
        throw new Error('Cannot find module');
      },
    }));
    jest.isolateModules(() => {
      const { smtpNotifier: without } = jest.requireActual<{ smtpNotifier: typeof smtpNotifier }>(
        '../../src/notifier/smtp',
      );
      expect(() => without(optionsOf({}))).toThrow('npm install nodemailer');
    });
    jest.dontMock('node:module');
  });
});
