import { z } from 'zod';
import { ask } from './ask';
import type { Bounds, NangoApi } from './http';

const listSchema = z.looseObject({ data: z.array(z.looseObject({ unique_key: z.string() })) });

/** Whether an integration of this key exists; needs `environment:integrations:list` only. */
export async function integrationExists(api: NangoApi, key: string, bounds: Bounds): Promise<boolean> {
  const { body } = await ask(api, { method: 'GET', path: '/integrations' }, listSchema, bounds);
  return body.data.some(({ unique_key }) => unique_key === key);
}
