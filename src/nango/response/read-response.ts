import { nangoFailure } from '../../contract/errors';
import { MAX_PAYLOAD_BYTES } from '../../contract/limits';
import type { CallResponse, Json } from '../../contract/types';
import { jsonBytes } from '../../contract/rules/json';
import { failureOf } from '../verdict/fail';
import type { HttpResponse } from '../http/outcome';
import { pick } from './pick';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * A successful response as it may enter a history.
 *
 * @param pointers only these parts of the body
 * @throws Nango.ResponseTooLarge, Nango.BadResponse; both with the status, which says that the call was carried out
 */
export function readResponse(response: HttpResponse, pointers?: string[]): CallResponse {
  const { status } = response;
  const body = decode(response);
  const data = pointers === undefined ? body : pick(body, pointers);
  if (bytesOf(data, status) > MAX_PAYLOAD_BYTES)
    throw failureOf({ type: 'Nango.ResponseTooLarge', retryable: false, status });
  return { status, data };
}

/** @throws Nango.BadResponse: thousands of nested brackets can be parsed, but neither written again nor kept in a history */
export function bytesOf(data: Json, status: number): number {
  try {
    return jsonBytes(data);
  } catch {
    throw nangoFailure('Nango.BadResponse', { status, hint: 'It is nested too deeply.' });
  }
}

/** JSON is parsed, an empty body is null, everything else must be text. */
export function decode({ status, headers, body }: HttpResponse): Json {
  if (body.length === 0) return null;
  try {
    const text = utf8.decode(body);
    return /[/+]json\b/i.test(headers['content-type'] ?? '') ? (JSON.parse(text) as Json) : text;
  } catch {
    throw nangoFailure('Nango.BadResponse', { status, hint: 'It is neither the JSON it says it is, nor text.' });
  }
}
