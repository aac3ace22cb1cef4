import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { within } from '../../support/within';

const BOUND_MS = 90_000;

/** The web side in a process of its own, so that its memory can be told from the test's. */
export class WebProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** of the public listener */
    readonly url: string,
  ) {}

  /** @param env all of its environment but `PATH` @param folder one without `.env` */
  static async start(env: { [name: string]: string }, folder: string): Promise<WebProcess> {
    const child = fork(join(__dirname, 'serve-web.js'), {
      cwd: folder,
      env: { PATH: process.env.PATH, ...env },
      execArgv: ['--expose-gc'],
    });
    const { publicUrl } = await replyOf<{ publicUrl: string }>(child, 'the web side is up');
    return new WebProcess(child, publicUrl);
  }

  /** What it takes after its garbage is collected, in MB. */
  async memory(): Promise<{ rss: number; heapUsed: number }> {
    this.child.send('memory');
    const { rss, heapUsed } = await replyOf<NodeJS.MemoryUsage>(this.child, 'the web side says what it takes');
    return { rss: rss / 2 ** 20, heapUsed: heapUsed / 2 ** 20 };
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}

async function replyOf<T>(child: ChildProcess, what: string): Promise<T> {
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('The web side has ended')));
  // A process that ends later is nobody's matter here.
  ended.catch(() => undefined);
  const [reply] = (await within(BOUND_MS, Promise.race([once(child, 'message'), ended]), what)) as [T];
  return reply;
}
