import { AsyncLocalStorage } from 'node:async_hooks';
import type { MiddlewareHandler } from 'hono';
import type { ShownBrand } from './brand';

/** Every page carries it, those too that know nothing but what went wrong. */
const serving = new AsyncLocalStorage<ShownBrand>();

/** Has a handler show a brand. */
export function withBrand(brand: ShownBrand): MiddlewareHandler {
  return async (_, next) => await serving.run(brand, next);
}

/** The brand of the page that is being served; nothing of it in the inbox. */
export function currentBrand(): ShownBrand {
  return serving.getStore() ?? {};
}
