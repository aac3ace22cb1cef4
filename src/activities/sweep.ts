import { detailsOf, findNangoFailure } from '../contract/errors';
import { NONCE_HEAD_CHARS } from '../contract/limits';
import { MANAGED_BY, MANAGED_BY_RENEWED, TAG } from '../contract/names';
import { checkConnectionRef } from '../contract/rules/check-call';
import { sweepInputSchema } from '../contract/schemas/links';
import type { Connection, SweepInput, SweepResult, Tags } from '../contract/types';
import { listConnections } from '../nango/connections';
import type { ConnectionQuery } from '../nango/connections';
import { bounds } from './context';
import { defineActivity } from './define';

const CONNECTIONS_A_PAGE = 1_000;
/** Of each list in one sweep: the next goes on where this one stopped. */
const PAGES_A_SWEEP = 3;

/** A sweep fails for no response of Nango's: whoever repeats it must know what this one has used of the limit. */
export const sweepActivities = defineActivity(
  'nango.sweep',
  sweepInputSchema,
  checkSweep,
  async (input, { api, config }) => {
    const { madeSince, renewed: anew, unlisted, ...rest } = input;
    const made = { [TAG.managedBy]: MANAGED_BY, [TAG.environment]: config.environment };
    // Without the environment: tags that are full leave no room for it, and nonces are of one request only.
    const renewed = { [TAG.managedBy]: MANAGED_BY_RENEWED };
    const { deadlineMs, signal } = bounds();
    const end = Date.now() + deadlineMs;
    const list = (query: ConnectionQuery) => listConnections(api, query, { deadlineMs: end - Date.now(), signal });
    const sweep = new Sweep(rest, list);
    try {
      if (madeSince !== undefined) await sweep.pages('made', made, madeSince);
      if (anew) await sweep.pages('renewed', renewed);
      if (unlisted !== undefined) await sweep.page({ ...unlisted, limit: 1 });
    } catch (error) {
      const failure = findNangoFailure(error);
      if (failure === undefined) throw error;
      sweep.result.failure = { type: failure.type, retryAfterMs: detailsOf(failure).retryAfterMs };
    }
    return sweep.result;
  },
);

function checkSweep({ unlisted }: SweepInput): void {
  if (unlisted !== undefined) checkConnectionRef(unlisted);
}

/** One sweep: what it has seen so far, and what that has cost. */
class Sweep {
  readonly result: SweepResult;
  private readonly wanted: Set<string>;

  constructor(
    { wanted, pages }: Pick<SweepInput, 'wanted' | 'pages'>,
    private readonly list: (query: ConnectionQuery) => ReturnType<typeof listConnections>,
  ) {
    this.wanted = new Set(wanted);
    this.result = { seen: [], requests: 0, pages: { ...pages } };
  }

  /** Goes on in a list, newest first, to its end or to where it is too old. */
  async pages(name: 'made' | 'renewed', tags: Tags, since = -Infinity): Promise<void> {
    const { pages } = this.result;
    for (let i = 0; i < PAGES_A_SWEEP; i++) {
      const connections = await this.page({ tags, limit: CONNECTIONS_A_PAGE, page: pages[name] });
      const oldest = connections.at(-1);
      const isLast =
        oldest === undefined || connections.length < CONNECTIONS_A_PAGE || Date.parse(oldest.createdAt) < since;
      pages[name] = isLast ? 0 : pages[name] + 1;
      if (isLast) return;
    }
  }

  /** By a list even for a single one, since reading it makes Nango refresh its token, and count a failure. */
  async page(query: ConnectionQuery): Promise<Connection[]> {
    this.result.requests++;
    const { connections, limitPerMinute } = await this.list(query);
    this.result.limitPerMinute = limitPerMinute ?? this.result.limitPerMinute;
    for (const { connectionId, tags } of connections) {
      const nonce = tags[TAG.nonce];
      if (nonce !== undefined && this.wanted.has(nonce.slice(0, NONCE_HEAD_CHARS))) {
        this.result.seen.push({ connectionId, nonce });
      }
    }
    return connections;
  }
}
