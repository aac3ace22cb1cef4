import { randomUUID } from 'node:crypto';
import type { temporal } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { findNangoFailure } from '../../../src/contract/errors';
import type { ConnectionRef } from '../../../src/workflow';
import { shownBy } from '../history-scan';
import type { Text } from '../history-scan';
import * as pagedWorkflows from '../paged-workflows';
import { eventually } from '../eventually';
import type { World } from '../world';
import type { Ledger } from './ledger';
import type { Provider } from './provider';

/** Where the workflows about lists and async actions run; the others run on the world's own queue. */
export const PAGED_QUEUE = 'paged';
const USER_QUEUE = 'user';

type Workflow = (...args: never[]) => Promise<unknown>;
type Pending = temporal.api.workflow.v1.IPendingActivityInfo;

/** What the acts are played on: workflows are started, and all that they end with is kept. */
export class Stage {
  /** ids of the workflows that were started */
  readonly started: string[] = [];
  /** what workflows showed of themselves while a worker of theirs ran */
  readonly shown: Text[] = [];
  private readonly workers: { worker: Worker; end: Promise<void> }[] = [];

  constructor(
    readonly world: World,
    readonly ledger: Ledger,
    readonly provider: Provider,
  ) {}

  /** Runs a worker in this process, so that what it logs is seen too, until an act is over. */
  async withWorker(options: WorkerOptions, act: () => Promise<unknown>): Promise<void> {
    const worker = await Worker.create({ connection: this.world.env.nativeConnection, ...options });
    const running = { worker, end: worker.run() };
    this.workers.push(running);
    try {
      await act();
    } finally {
      await stop(running);
    }
  }

  /** Ends the workers of acts that are not over, and the world with them. */
  async close(): Promise<void> {
    await Promise.allSettled(this.workers.map(stop));
    await this.world.close();
  }

  async start<T extends Workflow>(workflow: T, ...args: Parameters<T>) {
    const handle = await this.world.client.workflow.start(workflow.name, {
      workflowId: `${workflow.name}-${randomUUID()}`,
      taskQueue: Object.values<unknown>(pagedWorkflows).includes(workflow) ? PAGED_QUEUE : USER_QUEUE,
      args,
    });
    this.started.push(handle.workflowId);
    return handle;
  }

  /** A workflow ends as told: `ok`, or with a type of failure. */
  async ends<T extends Workflow>(workflow: T, args: Parameters<T>, end: string): Promise<void> {
    const handle = await this.start(workflow, ...args);
    if (end === 'ok') this.ledger.given.push(await handle.result());
    else await this.fails(handle.result(), end);
  }

  async fails(promise: Promise<unknown>, type: string): Promise<void> {
    const error: unknown = await promise.then(
      () => new Error(`did not fail with ${type}`),
      (reason: unknown) => reason,
    );
    this.ledger.given.push(error);
    if (findNangoFailure(error)?.type !== type) throw error;
  }

  /** Until an activity is pending as told. */
  async until(workflowId: string, holds: (pending: Pending) => boolean): Promise<void> {
    await eventually(async () => {
      const { raw } = await this.world.client.workflow.getHandle(workflowId).describe();
      return raw.pendingActivities?.some(holds) ? true : undefined;
    });
  }

  /** Keeps what a workflow shows of itself now. */
  async inspect(workflowId: string): Promise<void> {
    for await (const text of shownBy(this.world.client, workflowId)) this.shown.push(text);
  }

  /** Imports a connection, as an operator; its configuration holds a canary. @param rest tags, metadata and the like */
  async import({ integration, connectionId }: ConnectionRef, credentials: object, rest: object = {}): Promise<void> {
    const { status } = await this.callNango('POST', '/connections', {
      ...{ provider_config_key: integration, connection_id: connectionId, credentials },
      connection_config: { tenant: this.ledger.secret(`connection_config of ${connectionId}`) },
      ...rest,
    });
    if (status !== 201) throw new Error(`${connectionId} was not imported`);
  }

  /** OAuth credentials to import. */
  oauth(whose: string): object {
    const secret = (kind: string) => this.ledger.secret(`${kind} token of ${whose}`);
    return { type: 'OAUTH2', access_token: secret('access'), refresh_token: secret('refresh') };
  }

  /** As somebody who is none of our processes. @param key default: the secret key; empty for a connect page */
  async callNango(method: string, path: string, body?: object, key = this.world.nango.secretKey) {
    const response = await fetch(this.world.nango.url + path, {
      method,
      headers: { ...(key && { authorization: `Bearer ${key}` }), ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  }
}

async function stop({ worker, end }: { worker: Worker; end: Promise<void> }): Promise<void> {
  if (worker.getState() === 'RUNNING') worker.shutdown();
  await end;
}
