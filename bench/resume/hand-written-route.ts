import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Client } from '@temporalio/client';
import { hinted } from './workflows';

interface Webhook {
  connectionId: string;
  providerConfigKey: string;
  tags: { end_user_id: string };
}

/** The webhook route that somebody writes without this package: verifies, and signals the workflow of that end user. */
export function handWrittenRoute(client: Client, signingKey: string, received: () => void): Server {
  return createServer((request, response) => {
    received();
    void (async () => {
      const body = await buffer(request);
      const signature = Buffer.from(String(request.headers['x-nango-hmac-sha256']), 'hex');
      const expected = createHmac('sha256', signingKey).update(body).digest();
      if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
        response.writeHead(401).end();
        return;
      }
      const { connectionId, providerConfigKey, tags } = JSON.parse(body.toString('utf8')) as Webhook;
      await client.workflow
        .getHandle(`signals/${tags.end_user_id}`)
        .signal(hinted, { integration: providerConfigKey, connectionId });
      response.writeHead(200).end();
    })();
  });
}
