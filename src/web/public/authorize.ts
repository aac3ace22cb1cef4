import type { RequestRef, RequestView } from '../../contract/types';
import { checkName } from '../../contract/rules/text';
import { isResponse } from '../is-response';
import { within } from '../within';

/**
 * Says whether somebody may see a request and act on it. `true` and a string: yes; the string is the id of whoever is
 * signed in, 1 to 255 characters, which a click and its confirmation must have in common and which is recorded with what
 * they confirm. `false` shows a page that the request is for somebody else; a `Response`, such as a redirect to a login,
 * is sent as it is. If it throws, returns anything else, or takes longer than 10 seconds, nobody gets in: 503.
 *
 * @param request as it came, for its cookies
 */
export type Authorize = (
  described: {
    /** names the request */
    ref: RequestRef;
    /** whose it is, and its status */
    view: RequestView;
  },
  request: Request,
) => boolean | string | Response | Promise<boolean | string | Response>;

const WITHIN_MS = 10_000;

/** What `authorize` has said of somebody; without a `person` nobody knows who it is. */
type Permission = { allowed: true; person?: string } | { allowed: false } | Response;

/**
 * Has the host application say who somebody is.
 *
 * @throws what it throws, and if it says nothing that can be understood, or nothing in time
 */
export async function permissionBy(
  authorize: Authorize | undefined,
  described: Parameters<Authorize>[0],
  request: Request,
  withinMs = WITHIN_MS,
): Promise<Permission> {
  if (authorize === undefined) return { allowed: true };
  const late = Symbol();
  const said: unknown = await within(withinMs, Promise.resolve(authorize(described, request)), late);
  if (said === late) throw new Error(`authorize took longer than ${withinMs / 1_000} s`);
  if (typeof said === 'boolean') return { allowed: said };
  if (typeof said === 'string') {
    checkName(said, 'authorize');
    return { allowed: true, person: said };
  }
  if (isResponse(said)) return said;
  throw new TypeError(`authorize returned ${said === null ? 'null' : typeof said}`);
}
