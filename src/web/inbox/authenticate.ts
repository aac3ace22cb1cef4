import type { Context, MiddlewareHandler } from 'hono';
import { isResponse } from '../is-response';
import type { InboxEnv, Operator } from './operator';

/**
 * Lets only operators pass. What a host application says is not taken on trust: of anything else than an operator nobody
 * knows who it is.
 *
 * @param refuse the page for everybody else
 * @throws what `identify` throws, and if it says nothing that can be understood
 */
export function authenticate(
  identify: (c: Context) => Operator | Response | undefined | Promise<Operator | Response | undefined>,
  refuse: (c: Context) => Response,
): MiddlewareHandler<InboxEnv> {
  return async (c, next) => {
    const who: unknown = await identify(c);
    if (who === undefined || who === null || who === false) return refuse(c);
    // A host application's own response, such as the way to its login.
    if (isResponse(who)) return who;
    if (!isOperator(who)) throw new TypeError('authorize returned no operator');
    c.set('operator', who);
    await next();
  };
}

function isOperator(who: unknown): who is Operator {
  return typeof who === 'object' && who !== null && 'name' in who && typeof who.name === 'string' && who.name !== '';
}
