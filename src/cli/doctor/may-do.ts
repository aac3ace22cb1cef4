import type { HttpRequest, NangoApi } from '../../nango/http/http';
import { PROBE_MS } from './context';
import { verdictOf } from './verdict';

/** Whether Nango lets a key make a request, whatever comes of it. @returns undefined where an outage says nothing */
export async function mayDo(api: NangoApi, request: HttpRequest, now: number): Promise<boolean | undefined> {
  const { type } = verdictOf(await api.send(request, { deadlineMs: PROBE_MS }), now) ?? {};
  if (type === 'Nango.Forbidden') return false;
  return type === 'Nango.Misconfigured' || type === 'Nango.Unavailable' || type === 'Nango.RateLimited'
    ? undefined
    : true;
}
