import { wireEndpoint } from '../contract/rules/endpoint';
import type { ProxyInput } from '../contract/types';
import { isWrite } from '../contract/rules/check-call';
import { readResponse } from './response/read-response';
import type { SizedResponse } from './response/read-response';
import { recheckConnection } from './recheck-connection';
import { classify, isConclusive } from './verdict/classify';
import { RECHECK_CONNECTION } from './verdict/verdict';
import { succeeded } from './verdict/fail';
import type { Bounds } from './http/bounds';
import type { HttpRequest, NangoApi } from './http/http';
import type { HttpResponse } from './http/outcome';

const PROVIDER_HEADER = 'nango-proxy-';

/**
 * Calls the provider through Nango's proxy, once: Temporal retries. https://nango.dev/docs/guides/proxy-requests
 *
 * @param bounds its signal aborts a call that may be repeated; a write is ended by its deadline only
 * @param maxBytes as in {@link readResponse}
 * @throws failures of the taxonomy
 */
export async function proxy(
  api: NangoApi,
  input: Parameters<typeof proxied>[1],
  bounds: Bounds,
  maxBytes?: number,
): Promise<SizedResponse> {
  return readResponse(await proxied(api, input, bounds), input.call.pick, maxBytes);
}

/** The provider's own response, a success of any size. @throws as {@link proxy} */
export async function proxied(
  api: NangoApi,
  { connection, call, idempotencyKey, unguarded }: ProxyInput & Pick<HttpRequest, 'unguarded'>,
  bounds: Bounds,
): Promise<HttpResponse> {
  const traits = { route: 'proxy', repeatable: !isWrite(call) } as const;
  const started = Date.now();
  const own: Bounds = traits.repeatable ? bounds : { deadlineMs: bounds.deadlineMs };
  const outcome = await api.send(
    {
      method: call.method,
      path: `/proxy${wireEndpoint(call.endpoint)}`,
      headers: {
        ...(idempotencyKey === undefined ? {} : forProvider({ 'idempotency-key': idempotencyKey })),
        ...forProvider(call.headers ?? {}),
        'provider-config-key': connection.integration,
        'connection-id': connection.connectionId,
        retries: '0',
      },
      body: call.body,
      unguarded,
    },
    own,
  );
  let verdict = classify(traits, outcome, Date.now());
  if (verdict === RECHECK_CONNECTION && outcome.kind === 'response') {
    const left = { ...own, deadlineMs: bounds.deadlineMs - (Date.now() - started) };
    const reading = await recheckConnection(api, connection, (reading) => isConclusive(outcome, reading), left);
    verdict = classify(traits, outcome, Date.now(), reading);
  }
  return succeeded(outcome, verdict, api.keyName);
}

/** Only headers with Nango's prefix reach the provider. */
function forProvider(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [`${PROVIDER_HEADER}${name.toLowerCase()}`, value]),
  );
}
