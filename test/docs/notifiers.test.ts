import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import * as ts from 'typescript';
import type { Hono } from 'hono';
import * as index from '../../src/index';
import * as web from '../../src/web';
import { absentTemporal } from '../support/absent-temporal';
import { going, noticeOf, outageNotice, request, SECRET } from '../notifier/notices';

// The examples of docs/notifiers.md, as they stand there, each run.

const PAGE = readFileSync(join(__dirname, '../../docs/notifiers.md'), 'utf8');
const [sending, receiving, mailing, translating, pages, ...others] = [...PAGE.matchAll(/^```ts\n(.*?)^```$/gms)].map(
  ([, code = '']) => code,
);

/** What an example exports. @param globals what it takes for granted */
function run(code: string | undefined, globals: { [name: string]: unknown } = {}): { [name: string]: unknown } {
  const { outputText } = ts.transpileModule(code ?? '', {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const own: { [name: string]: unknown } = { 'temporal-nango': index, 'temporal-nango/web': web };
  const real = createRequire(__filename);
  const exports = {};
  const names = Object.keys(globals);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const example = new Function('require', 'exports', ...names, outputText) as (...args: unknown[]) => void;
  example((name: string) => own[name] ?? (real(name) as unknown), exports, ...names.map((name) => globals[name]));
  return exports;
}

const before = { ...process.env };
const closing: (() => unknown)[] = [];

afterEach(() => {
  process.env = { ...before };
  for (const close of closing.splice(0)) close();
});

test('a webhook is sent by the one example and taken by the other, once', async () => {
  const said = jest.spyOn(console, 'log').mockImplementation();
  closing.push(() => said.mockRestore());
  process.env.NOTICE_SECRET = SECRET;
  const { receiver } = run(receiving) as { receiver: Server };
  closing.push(() => receiver.close());
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  process.env.NOTICE_URL = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/notices`;
  expect(run(sending).plugin).toBeInstanceOf(index.NangoPlugin);
  const options = { url: process.env.NOTICE_URL, secret: SECRET };
  await index.webhookNotifier(options)(noticeOf(), request, going());
  await index.webhookNotifier(options)(noticeOf(), request, going());
  await index.operatorWebhookNotifier(options)(outageNotice, going());
  expect(said.mock.calls.map(([line]) => String(line).split('\n')[0])).toEqual([
    'Please connect hubspot',
    'hubspot seems to be down',
  ]);
  expect((await fetch(process.env.NOTICE_URL, { method: 'POST', body: '{}' })).status).toBe(401);
});

test('mails are sent, in words of your own', async () => {
  const mails: string[] = [];
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS'], disableReverseLookup: true },
    onData(stream, _, callback) {
      stream.on('data', (chunk: Buffer) => mails.push(chunk.toString()));
      stream.on('end', () => callback());
    },
  });
  closing.push(() => server.close());
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  process.env.SMTP_URL = `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  expect(run(mailing).plugin).toBeInstanceOf(index.NangoPlugin);
  await (run(translating).notifier as index.Notifier)(noticeOf(), request, going());
  expect(mails.join('')).toContain('Subject: Bitte hubspot verbinden');
});

test('a page speaks another language', async () => {
  process.env.TEMPORAL_NANGO_LINK_KEYS = 'k'.repeat(32);
  const temporalClient = absentTemporal();
  const { web: german } = run(pages, { temporalClient }) as { web: Hono };
  expect(await (await german.request('/nowhere')).text()).toContain('<html lang="de">');
});

test('there are no other examples', () => {
  expect(others).toEqual([]);
});
