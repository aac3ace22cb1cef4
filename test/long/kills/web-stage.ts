import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NangoConnections } from '../../../src/client';
import { resolveConfig } from '../../../src/config';
import type { NangoConfig } from '../../../src/config';
import { startTemporal } from '../../../src/dev';
import type { EmbeddedTemporal } from '../../../src/dev';
import { closable } from '../../../src/dev/closable';
import { freePort } from '../../../src/dev/free-port';
import { FakeNango } from '../../../src/testing/fake-nango';
import { BUNDLED_ONCE } from './bundled-once';
import { KillableProcess } from './killable-process';
import { MintCounter } from './mint-counter';
import { visit } from './visit';

const LIB = join(__dirname, '../../../lib');

/** Two web sides and two workers, as processes of the built package, with a Temporal and a fake Nango. */
export class WebStage {
  private constructor(
    private readonly temporal: EmbeddedTemporal,
    private readonly folder: string,
    readonly nango: FakeNango,
    readonly mints: MintCounter,
    readonly config: NangoConfig,
    readonly client: Client,
    readonly connections: NangoConnections,
    /** of the web sides */
    readonly urls: string[],
    /** in the order in which they are killed */
    readonly processes: KillableProcess[],
  ) {}

  static async open(): Promise<WebStage> {
    const folder = mkdtempSync(join(tmpdir(), 'web-kills-'));
    const temporal = await startTemporal();
    const nango = await FakeNango.start({ rateLimitPerMinute: 100_000 });
    nango.addProvider({ name: 'hubspot', displayName: 'HubSpot', authMode: 'OAUTH2' });
    nango.addIntegration({ key: 'hubspot', provider: 'hubspot' });
    const mints = await MintCounter.open(nango.url);
    const env = {
      TEMPORAL_ADDRESS: temporal.address,
      NANGO_SERVER_URL: mints.url,
      NANGO_SECRET_KEY: nango.secretKey,
      NANGO_WEBHOOK_SIGNING_KEYS: nango.webhookSigningKey,
      TEMPORAL_NANGO_LINK_KEYS: randomBytes(32).toString('hex'),
      TEMPORAL_NANGO_INBOX_TOKEN: randomBytes(32).toString('hex'),
    };
    const client = new Client({ connection: await Connection.connect({ address: temporal.address, ...closable }) });
    const config = resolveConfig({ env, cwd: __dirname });
    const connections = new NangoConnections(client, { config });

    const polls = async (pid: number) =>
      ((await connections.workers()) ?? []).some(({ identity }) => identity.includes(`${pid}@`));
    const worker = (name: string) => {
      const command = [...BUNDLED_ONCE.argv, join(LIB, 'worker.js')];
      return KillableProcess.start({ name, command, env: { ...env, ...BUNDLED_ONCE.env }, folder, isUp: polls });
    };
    const web = async (name: string): Promise<[string, KillableProcess]> => {
      const [open, inbox] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
      const url = `http://${open}`;
      const isUp = async () => (await visit(`${url}/readyz`, { from: '127.0.0.1' }))?.status === 200;
      const command = [join(LIB, 'cli/main.js'), 'web', '--public', open, '--inbox', inbox];
      return [url, await KillableProcess.start({ name, command, env, folder, isUp })];
    };
    const [[url1, web1], worker1, [url2, web2], worker2] = [
      await web('web-1'),
      await worker('worker-1'),
      await web('web-2'),
      await worker('worker-2'),
    ];
    const processes = [web1, worker1, web2, worker2];
    return new WebStage(temporal, folder, nango, mints, config, client, connections, [url1, url2], processes);
  }

  async close(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop()));
    await this.client.connection.close();
    await this.mints.close();
    await this.nango.close();
    await this.temporal.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
