// What programs import. A type that does not resolve is `any` and would pass everywhere, so that is looked at first.
import type { Client } from '@temporalio/client';
import type { Duration } from '@temporalio/common';
import type { WorkerOptions } from '@temporalio/worker';
import { findNangoFailure, NangoConnections, NangoPlugin, webhookHandler } from 'temporal-nango';
import type { ConnectionRef, NangoConfig, NangoErrorType, WebhookHandler } from 'temporal-nango';
import { FakeNango } from 'temporal-nango/testing';
import { ensureConnection, nango, path } from 'temporal-nango/workflow';
import type { EnsureConnectionInput, Outcome } from 'temporal-nango/workflow';
import { inboxWeb, publicWeb } from 'temporal-nango/web';
import * as workflows from 'temporal-nango/worker-workflows';

type IsAny<T> = 0 extends 1 & T ? true : false;

export const areAny: [
  IsAny<typeof NangoConnections>,
  IsAny<typeof NangoPlugin>,
  IsAny<typeof FakeNango>,
  IsAny<typeof ensureConnection>,
  IsAny<typeof nango>,
  IsAny<typeof workflows.connectionRequest>,
  IsAny<typeof publicWeb>,
  IsAny<typeof inboxWeb>,
  IsAny<ConnectionRef>,
  IsAny<NangoConfig>,
  // Its strings are of a package whose types come with ours.
  IsAny<Duration>,
] = [false, false, false, false, false, false, false, false, false, false, false];

export function inABackend(client: Client): { connections: NangoConnections; handle: WebhookHandler } {
  return { connections: new NangoConnections(client), handle: webhookHandler(client) };
}

export function pages(client: Client): ((request: Request) => Response | Promise<Response>)[] {
  return [publicWeb(client).fetch, inboxWeb(client, { authorize: () => ({ name: 'ops' }) }).fetch];
}

export const worker: Pick<WorkerOptions, 'taskQueue' | 'plugins'> = {
  taskQueue: 'nango',
  plugins: [new NangoPlugin({ workflows: true })],
};

export async function inAWorkflow(input: EnsureConnectionInput): Promise<unknown> {
  return await nango.get(await ensureConnection(input), path`/crm/v3/owners/${'me'}`);
}

export async function byName(client: Client, input: EnsureConnectionInput): Promise<void> {
  await client.workflow.start(workflows.ensureConnection, { workflowId: 'w', taskQueue: 'nango', args: [input] });
}

export async function inATest(): Promise<string> {
  const fake = await FakeNango.start();
  await fake.close();
  return fake.url;
}

export function typeOf(error: unknown): NangoErrorType | undefined {
  return findNangoFailure(error)?.type;
}

export function statusOf(outcome: Outcome): number | undefined {
  return outcome.ok ? outcome.status : undefined;
}
