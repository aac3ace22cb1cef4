import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../src/dev/free-port';
import type { Random } from '../../support/random';
import { KillableProcess } from './killable-process';
import { Stage } from './stage';
import { visit } from './visit';

const LIB = join(__dirname, '../../../lib');
const LINK_KEY = randomBytes(32).toString('hex');

/** Worker, web side and server, one of which is killed at a time; whoever connects has to say so. */
export class ConfirmStage {
  private constructor(
    readonly stage: Stage,
    readonly url: string,
    private readonly web: KillableProcess,
    private readonly folder: string,
  ) {}

  readonly linkKeys = [LINK_KEY];

  static async open(random: Random): Promise<ConfirmStage> {
    const stage = await Stage.open(random, join(LIB, 'worker.js'));
    stage.nango.addProvider({ name: 'hubspot', displayName: 'HubSpot', authMode: 'OAUTH2' });
    stage.nango.addIntegration({ key: 'hubspot', provider: 'hubspot' });
    const folder = mkdtempSync(join(tmpdir(), 'confirm-kills-'));
    const [open, inbox] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
    const url = `http://${open}`;
    const web = await KillableProcess.start({
      name: 'web',
      command: [join(LIB, 'cli/main.js'), 'web', '--public', open, '--inbox', inbox, '--verify-owner'],
      env: {
        TEMPORAL_ADDRESS: stage.address,
        NANGO_SERVER_URL: stage.nango.url,
        NANGO_SECRET_KEY: stage.nango.secretKey,
        TEMPORAL_NANGO_LINK_KEYS: LINK_KEY,
      },
      folder,
      isUp: async () => (await visit(`${url}/readyz`, { from: '127.0.0.1' }))?.status === 200,
    });
    return new ConfirmStage(stage, url, web, folder);
  }

  get kills(): { worker: number; server: number; web: number } {
    return { ...this.stage.kills, web: this.web.kills };
  }

  /** Kills one, and starts it again. */
  async kill(victim: 'worker' | 'server' | 'web'): Promise<void> {
    if (victim === 'web') {
      await this.web.kill();
      await this.web.restart();
      return;
    }
    await this.stage.kill(victim);
    await this.stage.startWorker();
  }

  async close(): Promise<void> {
    await this.web.stop();
    await this.stage.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
