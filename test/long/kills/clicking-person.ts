import type { WorkflowHandle } from '@temporalio/client';
import { TAG } from '../../../src/contract/names';
import type { Connection, RequestRef, RequestView } from '../../../src/contract/types';
import { signedPath } from '../../../src/requests/permanent-link';
import { eventually } from '../../support/eventually';
import type { ConfirmStage } from './confirm-stage';
import { visit } from './visit';
import type { Visited } from './visit';

const BOUND_MS = 180_000;

/** Somebody with a browser, who is waited for by an automation. Whatever is away is tried again, as people do. */
export class ClickingPerson {
  private cookie = '';
  made = '';
  /** posts of a yes whose end nobody has heard */
  broken = 0;

  private constructor(
    private readonly at: ConfirmStage,
    readonly id: string,
    private readonly from: string,
    private readonly ref: RequestRef,
    private readonly automation: WorkflowHandle,
  ) {}

  /** @param n tells people apart. @param isAnew a connection of theirs is in use, and is to be connected anew */
  static async arrive(at: ConfirmStage, seed: string, n: number, isAnew: boolean): Promise<ClickingPerson> {
    const { client, connections, nango } = at.stage;
    const id = `c${seed}-${n}`;
    const reconnect = isAnew ? `conn-${id}` : undefined;
    if (reconnect !== undefined) {
      nango.addConnection({ integration: 'hubspot', connectionId: reconnect, tags: { end_user_id: id } });
    }
    const automation = await client.workflow.start('ensureConnection', {
      ...{ workflowId: `waits-${id}`, taskQueue: 'nango' },
      args: [{ integration: 'hubspot', endUser: { id }, reconnect }],
    });
    const { ref } = await eventually(async () => {
      const description = await connections.describeRequest(`nango/default/hubspot/u:${id}`);
      const isOpen = description?.view.status === 'waiting' && description.view.subscribers > 0;
      return isOpen ? description : undefined;
    }, BOUND_MS);
    return new ClickingPerson(at, id, `127.2.${n >> 8}.${(n & 255) + 1}`, ref, automation);
  }

  /** Presses the button and connects at Nango; the webhook says so, unless something is away. */
  async connects(): Promise<void> {
    const link = await eventually(async () => {
      const pressed = await this.presses('do=connect');
      if (pressed?.status !== 303) return undefined;
      this.cookie = pressed.cookie;
      return pressed.location;
    }, BOUND_MS);
    this.made = this.at.stage.nango.complete(link, { as: this.id }).connectionId;
    void this.at.stage.hint(this.ref.id, this.made).catch(() => undefined);
  }

  /** Waits until the page asks. @returns the number of the link */
  async isAsked(): Promise<string> {
    return await eventually(async () => {
      const { text = '' } = (await visit(this.page, { from: this.from, headers: { cookie: this.cookie } })) ?? {};
      return /name="link" value="(\d+)"/.exec(text)?.[1];
    }, BOUND_MS);
  }

  /** Says that it was them, until that has been heard; once it has, not again. */
  async confirms(link: string): Promise<void> {
    await eventually(async () => {
      const said = await this.presses(`do=confirm&link=${link}`);
      if (said === undefined) this.broken++;
      // The one before, whose end nobody has heard, has arrived after all.
      const isDone = said?.status === 303 || (said?.status === 409 && said.text.includes('is connected'));
      return isDone || undefined;
    }, BOUND_MS);
  }

  /** What is so before anybody has said yes. */
  async stands(): Promise<{ status: RequestView['status']; mark?: string }> {
    const { connections, nango } = this.at.stage;
    const { view } = await eventually(() => connections.request(this.ref).describe(), BOUND_MS);
    return { status: view.status, mark: nango.connection('hubspot', this.made)?.tags[TAG.owner] };
  }

  async result(): Promise<Connection> {
    return ((await this.at.stage.resultOf(this.automation)) as { connection: Connection }).connection;
  }

  private get page(): string {
    return `${this.at.url}/connect/${signedPath(this.ref, this.at.linkKeys)}`;
  }

  private async presses(body: string): Promise<Visited | undefined> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
    return await visit(this.page, { from: this.from, body, headers: { ...headers, cookie: this.cookie } });
  }
}
