import type { z } from 'zod';
import { nangoFailure } from '../../contract/errors';
import { classify } from '../verdict/classify';
import { succeeded } from '../verdict/fail';
import type { Bounds, HttpRequest, NangoApi } from '../http/http';
import type { HttpAnswer } from '../http/outcome';

const MANAGEMENT = { route: 'management', repeatable: true } as const;

/**
 * A request to Nango's own API, which may be repeated: reads, deletions, sessions.
 *
 * @throws the failure that the answer stands for; Nango.BadResponse if it is not of the shape
 */
export async function ask<T>(
  api: NangoApi,
  request: HttpRequest,
  shape: z.ZodType<T>,
  bounds: Bounds,
): Promise<{ body: T; answer: HttpAnswer }> {
  const outcome = await api.send(request, bounds);
  const answer = succeeded(outcome, classify(MANAGEMENT, outcome, Date.now()), api.keyName);
  return { body: shapeOf(answer, shape), answer };
}

function shapeOf<T>(answer: HttpAnswer, shape: z.ZodType<T>): T {
  const parsed = shape.safeParse(parseJson(answer.body));
  if (parsed.success) return parsed.data;
  throw nangoFailure('Nango.BadResponse', { status: answer.status });
}

export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
