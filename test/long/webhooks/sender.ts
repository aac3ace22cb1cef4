import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Post } from './forgeries';

const BOUND_MS = 90_000;

/** What came back; status 0: the connection broke. */
export interface Received {
  status: number;
  retryAfter: string | undefined;
}

/** How a delivery is sent. */
export interface Manner {
  /** the loopback address that it comes from */
  from: string;
  /** the body comes in pieces, so many milliseconds apart */
  pauseMs?: number;
  /** half of the body comes, and then nothing */
  neverEnds?: boolean;
}

/** Posts from any address of loopback. */
export class Sender {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(private readonly url: string) {}

  async send({ body, headers }: Post, { from, pauseMs, neverEnds }: Manner): Promise<Received> {
    const bytes = Buffer.from(body);
    return await new Promise((resolve) => {
      const isUsual = pauseMs === undefined && !neverEnds && bytes.length < 2 ** 16;
      const posting = request(this.url, {
        method: 'POST',
        headers: { ...headers, 'content-length': bytes.length },
        localAddress: from,
        agent: isUsual ? this.agent : false,
        signal: AbortSignal.timeout(BOUND_MS),
      });
      posting.on('response', (response) => {
        const { statusCode = 0, headers: received } = response;
        resolve({ status: statusCode, retryAfter: received['retry-after'] });
        response.resume();
        if (!isUsual) response.on('end', () => posting.destroy());
      });
      posting.on('error', () => {
        // The server has just given up an idle connection: it has seen nothing of this.
        if (posting.reusedSocket) resolve(this.send({ body, headers }, { from }));
        // What is refused early may not be read to its end.
        else resolve({ status: 0, retryAfter: undefined });
      });
      if (neverEnds) posting.write(bytes.subarray(0, bytes.length / 2));
      else if (pauseMs === undefined) posting.end(bytes);
      else void inPieces(bytes, pauseMs, posting);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

async function inPieces(bytes: Buffer, pauseMs: number, posting: ReturnType<typeof request>): Promise<void> {
  const size = Math.ceil(bytes.length / 4);
  for (let at = 0; at < bytes.length; at += size) {
    posting.write(bytes.subarray(at, at + size));
    await sleep(pauseMs);
  }
  posting.end();
}
