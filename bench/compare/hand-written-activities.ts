import { ApplicationFailure } from '@temporalio/common';
import { Pool } from 'undici';
import type { CallSet } from './calls';
import { nangoOfEnv, pickFrom } from './processes/nango-of-env';

/** One call, as an activity is given it. */
interface OneCall {
  connection: CallSet['connection'];
  method: CallSet['method'];
  endpoint: string;
  body?: unknown;
  pick?: string[];
}

export interface HandWrittenActivities {
  /** A proxied call; returns its answer, or what is wanted of it. */
  call(one: OneCall): Promise<unknown>;
  /** The connection of an end user. */
  findConnection(integration: string, endUserId: string): Promise<string>;
}

const { url, secretKey } = nangoOfEnv();
const { origin, pathname } = new URL(url);
const pool = new Pool(origin, { connections: 100, keepAliveTimeout: 60_000 });
const prefix = pathname.replace(/\/+$/, '');
const authorization = `Bearer ${secretKey}`;

export const activities: HandWrittenActivities = {
  call: async ({ connection, method, endpoint, body, pick }) => {
    const response = await pool.request({
      method,
      path: `${prefix}/proxy${endpoint}`,
      headers: {
        authorization,
        'provider-config-key': connection.integration,
        'connection-id': connection.connectionId,
        'content-type': 'application/json',
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const data = await response.body.json();
    if (response.statusCode < 300) return pickFrom(data, pick);
    const nonRetryable = response.statusCode < 500 && response.statusCode !== 429;
    throw ApplicationFailure.create({ message: `status ${response.statusCode}`, nonRetryable });
  },

  findConnection: async (integration, endUserId) => {
    const query = new URLSearchParams({ integrationId: integration, 'tags[end_user_id]': endUserId, limit: '2' });
    const path = `${prefix}/connections?${query.toString()}`;
    const response = await pool.request({ method: 'GET', path, headers: { authorization } });
    const { connections } = (await response.body.json()) as { connections: { connection_id: string }[] };
    if (connections.length !== 1) throw new Error(`${connections.length} connections`);
    return connections[0]!.connection_id;
  },
};
