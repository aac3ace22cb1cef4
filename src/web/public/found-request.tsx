import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Context, MiddlewareHandler } from 'hono';
import type { NangoConnections } from '../../client';
import type { NangoConfig } from '../../config';
import { findNangoFailure, nangoFailure } from '../../contract/errors';
import type { ConnectionRequest } from '../../requests/connection-request';
import type { RequestDescription } from '../../requests/description';
import { readSigned } from '../../requests/permanent-link';
import { logFault } from '../faults';
import { show } from '../layout';
import type { IntegrationFace, IntegrationFaces } from '../logos/integration-faces';
import { publicTexts } from '../texts/current';
import { within } from '../within';
import { permissionBy } from './authorize';
import type { Authorize } from './authorize';
import { MessagePage, NotFoundPage } from './message-pages';
import type { MessageProps } from './message-pages';
import { refusedBy } from './refusals';

const DESCRIBE_WITHIN_MS = 5_000;

/** What is known once the request of a link is found. */
export interface FoundEnv {
  Variables: {
    /** the way to the handler's root */
    root: string;
    /** the way to the request's own page */
    self: string;
    request: ConnectionRequest;
    description: RequestDescription;
    /** of the integration */
    face: IntegrationFace;
    /** the id of whoever has come, where the host application says it */
    person?: string;
  };
}

interface Finding {
  client: Client;
  connections: NangoConnections;
  config: NangoConfig;
  faces: IntegrationFaces;
  authorize?: Authorize;
}

/** Goes on with the request that a link is for, if it is one of ours and whoever comes may see it. */
export function findRequest({ client, connections, config, faces, authorize }: Finding): MiddlewareHandler<FoundEnv> {
  return async (c, next) => {
    const ref = readSigned(c.req.param('signed') ?? '', config.linkKeys, config.environment);
    const request = ref && connections.request(ref);
    const description = request && (await describeInTime(client, request));
    if (description instanceof ApplicationFailure) return refusedBy(c, c.var.root, description, c.var.self);
    if (request === undefined || description === undefined) return show(c, <NotFoundPage root={c.var.root} />, 404);
    const permission = await permissionOf(c, description);
    if ('status' in permission) return permission;
    if (!permission.allowed) return say(c, publicTexts().notYours, 403);
    c.set('person', permission.person);
    c.set('request', request);
    c.set('description', description);
    c.set('face', await faces.of(description.view.integration));
    await next();
  };

  async function permissionOf(c: Context<FoundEnv>, described: RequestDescription): ReturnType<typeof permissionBy> {
    try {
      const { ref, view } = described;
      return await permissionBy(authorize, { ref, view }, c.req.raw);
    } catch (error) {
      logFault(error, c, config);
      return say(c, publicTexts().unavailable, 503, c.var.self);
    }
  }
}

/** @returns the failure if Temporal does not answer in time */
export async function describeInTime(
  client: Client,
  request: ConnectionRequest,
): Promise<RequestDescription | ApplicationFailure | undefined> {
  const late = nangoFailure('Nango.TemporalUnavailable');
  try {
    const described = client.withDeadline(Date.now() + DESCRIBE_WITHIN_MS, () => request.describe());
    return await within(DESCRIBE_WITHIN_MS, described, late);
  } catch (error) {
    const failure = findNangoFailure(error);
    if (failure === undefined) throw error;
    return failure;
  }
}

/** Responds with a page that says one thing. @param back the way to the request */
export function say(
  c: Context<FoundEnv>,
  message: MessageProps['message'],
  status: Parameters<typeof show>[2],
  back?: string,
): Response {
  return show(c, <MessagePage root={c.var.root} message={message} back={back} face={c.var.face} />, status);
}
