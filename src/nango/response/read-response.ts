import { nangoFailure } from '../../contract/errors';
import { MAX_PAYLOAD_BYTES } from '../../contract/limits';
import type { CallResponse, Json } from '../../contract/types';
import { jsonBytes } from '../../contract/rules/json';
import type { HttpResponse } from '../http/outcome';
import { pick } from './pick';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A response as it may enter a history. */
export interface SizedResponse {
  response: CallResponse;
  /** of its data, as JSON */
  bytes: number;
}

/**
 * A successful response as it may enter a history.
 *
 * @param pointers only these parts of the body
 * @param maxBytes of what is left then, as JSON; default: what may stand in a history itself
 * @throws Nango.ResponseTooLarge, Nango.BadResponse; both with the status, which says that the call was carried out
 */
export function readResponse(
  response: HttpResponse,
  pointers?: string[],
  maxBytes: number = MAX_PAYLOAD_BYTES,
): SizedResponse {
  const { status } = response;
  const body = decode(response);
  const data = pointers === undefined ? body : pick(body, pointers);
  const bytes = bytesOf(data, status);
  if (bytes > maxBytes) {
    const less = `At most ${maxBytes} bytes; select parts of it with pick: ['/results/0/id']${orStore(maxBytes)}.`;
    throw nangoFailure('Nango.ResponseTooLarge', { status, hint: less });
  }
  return { response: { status, data }, bytes };
}

/** The end of a hint: what else helps where nothing larger than a history takes is kept elsewhere. */
export function orStore(maxBytes: number): string {
  return maxBytes > MAX_PAYLOAD_BYTES ? '' : ", or give worker and client Temporal's External Storage";
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
