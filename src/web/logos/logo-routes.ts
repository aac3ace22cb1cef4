import { Hono } from 'hono';
import type { Context } from 'hono';
import type { AddressOf } from '../client-address';
import { RateLimit } from '../rate-limit';
import type { IntegrationFaces } from './integration-faces';
import { readLogoPath, readSignedLogoPath } from './logo-path';
import { sendPicture } from './send-picture';

const GETS_PER_MINUTE = 120;

/** `GET /<signed>`: the logos that the public pages show, for anybody. */
export function publicLogoRoutes(faces: IntegrationFaces, linkKeys: string[], addressOf: AddressOf): Hono {
  const visits = new RateLimit(GETS_PER_MINUTE);
  const app = new Hono();
  app.get('/:signed', async (c) => {
    const { retryAfter } = visits.attempt(addressOf(c));
    if (retryAfter !== undefined) return c.body(null, 429, { 'Retry-After': String(retryAfter) });
    const key = readSignedLogoPath(c.req.param('signed'), linkKeys);
    return key === undefined ? c.body(null, 404) : await send(c, faces, key, 'public');
  });
  return app;
}

/** `GET /<integration>`: the logo of any integration, for operators. */
export function inboxLogoRoutes(faces: IntegrationFaces): Hono {
  const app = new Hono();
  app.get('/:integration', async (c) => await send(c, faces, readLogoPath(c.req.param('integration')), 'private'));
  return app;
}

async function send(c: Context, faces: IntegrationFaces, key: string, keptBy: 'public' | 'private'): Promise<Response> {
  const picture = await faces.logo(key);
  return picture === undefined ? c.body(null, 404) : sendPicture(c, picture, keptBy);
}
