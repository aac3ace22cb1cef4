import { Agent } from 'undici';
import { exchange } from '../../nango/http/exchange';
import type { LogoAddress } from './logo-address';
import { MAX_PICTURE_BYTES, pictureOf } from './picture';
import type { Picture } from './picture';

const DEADLINE_MS = 5_000;

/**
 * Fetches a logo: no redirect followed, no key sent, not read beyond its bound, given up after five seconds.
 *
 * @returns nothing if there is none, or if it is not the picture that its content type says
 */
export async function fetchLogo({ url, lookup }: LogoAddress): Promise<Picture | undefined> {
  const agent = new Agent({
    connect: { lookup },
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: MAX_PICTURE_BYTES,
  });
  try {
    const { status, headers, body } = await exchange(
      agent,
      {
        ...{ origin: url.origin, path: url.pathname + url.search, method: 'GET' },
        headers: { accept: 'image/*', 'user-agent': 'temporal-nango' },
      },
      { deadlineMs: DEADLINE_MS },
    );
    const picture = status === 200 ? pictureOf(body) : undefined;
    const [said] = String(headers['content-type']).toLowerCase().split(';');
    return picture?.type === said?.trim() ? picture : undefined;
  } catch {
    return undefined;
  } finally {
    await agent.destroy();
  }
}
