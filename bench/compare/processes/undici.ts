import { Pool } from 'undici';
import { bodyOf, endpointOf, inWindow } from '../calls';
import type { CallSet, Tally } from '../calls';
import { serveDriver } from '../ipc/serve';
import { nangoOfEnv, pickFrom } from './nango-of-env';

/** The best that a good client does, without any durability: 100 connections that stay open, JSON parsed. */

const CONNECTIONS = 100;
const KEEP_ALIVE_MS = 60_000;

const { url, secretKey } = nangoOfEnv();
const { origin, pathname } = new URL(url);
const pool = new Pool(origin, { connections: CONNECTIONS, keepAliveTimeout: KEEP_ALIVE_MS });
const prefix = `${pathname.replace(/\/+$/, '')}/proxy`;

async function run(set: CallSet): Promise<Tally> {
  const headers = {
    authorization: `Bearer ${secretKey}`,
    'provider-config-key': set.connection.integration,
    'connection-id': set.connection.connectionId,
    'content-type': 'application/json',
  };
  return await inWindow(set.count, CONNECTIONS, async (index) => {
    const body = bodyOf(set, index);
    const response = await pool.request({
      method: set.method,
      path: prefix + endpointOf(set, index),
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const data = await response.body.json();
    if (response.statusCode >= 300) throw new Error(`status ${response.statusCode}`);
    pickFrom(data, set.pick);
  });
}

serveDriver({ run }, () => pool.close());
