import type { z } from 'zod';
import { nangoFailure } from '../contract/errors';
import { classify } from './verdict/classify';
import { succeeded } from './verdict/fail';
import type { Bounds } from './http/bounds';
import type { HttpRequest, NangoApi } from './http/http';
import type { HttpResponse } from './http/outcome';

const MANAGEMENT = { route: 'management', repeatable: true } as const;

/**
 * A request to Nango's own API, which may be repeated: reads, deletions, sessions.
 *
 * @throws the failure that the response means; Nango.BadResponse if it is not of the shape
 */
export async function callManagementApi<T>(
  api: NangoApi,
  request: HttpRequest,
  shape: z.ZodType<T>,
  bounds: Bounds,
): Promise<{ body: T; response: HttpResponse }> {
  const outcome = await api.send(request, bounds);
  const response = succeeded(outcome, classify(MANAGEMENT, outcome, Date.now()), api.keyName);
  return { body: shapeOf(response, shape), response };
}

/** @throws Nango.BadResponse */
export function shapeOf<T>(response: HttpResponse, shape: z.ZodType<T>): T {
  const parsed = shape.safeParse(parseJson(response.body));
  if (parsed.success) return parsed.data;
  throw nangoFailure('Nango.BadResponse', { status: response.status });
}

export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
