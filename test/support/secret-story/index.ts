import { randomBytes, randomUUID } from 'node:crypto';
import { bundleFor } from '../bundles';
import { World } from '../world';
import { accounts } from './accounts';
import { adoption, lists } from './adoption';
import { asyncActions } from './async-actions';
import { actions, calls, leftPending } from './calls';
import { Gateway } from './gateway';
import { keysThatDoNotDo } from './keys';
import { Ledger } from './ledger';
import { moreScopes } from './more-scopes';
import { refusedNotices } from './delivered-notices';
import { failingNotifier } from './notices';
import { pages } from './pages';
import { recreation, RECREATION_SECRET } from './recreation';
import { Provider } from './provider';
import { deployments } from './deployments';
import { APP_SECRET, setUps } from './set-ups';
import { plant } from './setting';
import { PAGED_QUEUE, Stage } from './stage';
import { commandLine } from './command-line';
import { waits } from './waits';
import { webPages } from './web';
import { WorkerProcess } from './worker-process';

/**
 * Everything that the package does, with a canary for every secret. Our worker is a process of its own, whose log is
 * kept; all our processes reach Nango through a gateway that sees what passes. At the end only the server runs on.
 */
export class SecretStory {
  private constructor(
    readonly stage: Stage,
    private readonly settings: { [name: string]: string },
    private readonly gateway: Gateway,
    private readonly worker: WorkerProcess,
  ) {}

  /** Sets the stage. What was opened has to be closed, also if the story goes wrong. */
  static async open(): Promise<SecretStory> {
    const ledger = new Ledger();
    const connectKey = randomUUID();
    const gateway = await Gateway.start(ledger);
    const linkKey = ledger.secret('link key', randomBytes(32).toString('hex'));
    const own = { connectKey, linkKeys: [linkKey], publicUrl: 'https://connect.example.com' };
    const world = await World.open('dev', { workers: false, config: { ...own, baseUrl: gateway.url } });
    gateway.upstream = world.nango.url;
    const settings = {
      TEMPORAL_ADDRESS: world.env.address,
      NANGO_SERVER_URL: gateway.url,
      NANGO_TOOLBOX_SECRET_KEY: world.nango.secretKey,
      NANGO_CONNECT_KEY: connectKey,
      NANGO_WEBHOOK_SIGNING_KEYS: world.nango.webhookSigningKey,
      TEMPORAL_NANGO_LINK_KEYS: linkKey,
      TEMPORAL_NANGO_PUBLIC_URL: own.publicUrl,
      [APP_SECRET]: ledger.secret('client secret in the environment'),
      TEMPORAL_NANGO_INBOX_TOKEN: ledger.secret('inbox token', randomBytes(32).toString('hex')),
    };
    const worker = new WorkerProcess({
      ...settings,
      [RECREATION_SECRET]: ledger.secret('client secret of the worker'),
    });
    return new SecretStory(new Stage(world, ledger, new Provider(ledger)), settings, gateway, worker);
  }

  /** What the worker process wrote, on both streams. */
  get log(): string {
    return this.worker.log;
  }

  async play(): Promise<void> {
    const { stage } = this;
    await plant(stage, this.settings.NANGO_CONNECT_KEY ?? '');
    await stage.withWorker({ taskQueue: PAGED_QUEUE, workflowBundle: bundleFor('./paged-workflows') }, async () => {
      await Promise.all([stage.world.startUserWorker(), this.worker.polls(stage.world)]);
      await acts(stage);
      await webPages(stage, this.settings);
      await commandLine(stage, this.settings);
      await Promise.all([...stage.started, 'nango-watch/default'].map((id) => stage.inspect(id)));
    });
    await this.worker.end();
  }

  async close(): Promise<void> {
    await this.worker.end();
    await this.stage.close();
    await this.gateway.close();
  }
}

/** All at the same time; the first that went wrong is told when all are over, since they share what has to be closed. */
async function acts(stage: Stage): Promise<void> {
  const ends = await Promise.allSettled([
    ...[
      waits(stage),
      accounts(stage),
      moreScopes(stage),
      recreation(stage),
      adoption(stage),
      setUps(stage),
      deployments(stage),
    ],
    ...[calls(stage), actions(stage), asyncActions(stage), pages(stage)],
    ...[keysThatDoNotDo(stage), failingNotifier(stage), refusedNotices(stage), leftPending(stage)],
  ]);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  await lists(stage);
}
