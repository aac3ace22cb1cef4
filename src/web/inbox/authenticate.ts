import type { Context, MiddlewareHandler } from 'hono';
import type { InboxEnv, Operator } from './operator';

/** Lets only operators pass. @param refuse the page for everybody else */
export function authenticate(
  identify: (c: Context) => Operator | Response | undefined | Promise<Operator | Response | undefined>,
  refuse: (c: Context) => Response,
): MiddlewareHandler<InboxEnv> {
  return async (c, next) => {
    const who = await identify(c);
    if (who === undefined) return refuse(c);
    // A host application's own response, such as the way to its login.
    if (who instanceof Response) return who;
    c.set('operator', who);
    await next();
  };
}
