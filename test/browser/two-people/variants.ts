import { Hono } from 'hono';
import type { RequestRef, RequestView } from '../../../src/contract/types';
import { signedPath } from '../../../src/requests/permanent-link';
import { publicWeb } from '../../../src/web/public-web';
import type { PublicWebOptions } from '../../../src/web/public-web';
import type { World } from '../../support/world';
import { listen, stop } from '../../web/public-stage';

/** How the page can be told whose click it was; the names are columns of a table in docs/security.md. */
const VARIANTS: { [name: string]: Pick<PublicWebOptions, 'authorize' | 'verifyOwner'> } = {
  'without `verifyOwner`': {},
  'the cookie alone': { verifyOwner: true },
  '`authorize` says yes': { authorize: ({ view }, request) => maySee(view, userOf(request)) },
  '`authorize` says who': {
    authorize({ view }, request) {
      const user = userOf(request);
      return maySee(view, user) && user;
    },
  },
};

/** Keeps who is signed in, as a host application does. */
export const SESSION = 'user';
/** Is in the owner's organization. */
export const COLLEAGUE = 'colleague';

function userOf(request: Request): string {
  return /(?:^|; )user=([^;]*)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? 'nobody';
}

function maySee({ owner }: RequestView, user: string): boolean {
  return user === owner.endUser?.id || user === COLLEAGUE;
}

/** The public web, told in one way whose click it was. */
export interface Variant {
  name: string;
  url: string;
  /** the permanent link, on this server */
  linkTo(ref: RequestRef): string;
  close(): Promise<void>;
}

/** Serves the page in each variant. */
export async function serveVariants({ client, config }: World): Promise<Variant[]> {
  return await Promise.all(
    Object.entries(VARIANTS).map(async ([name, options]) => {
      // Mounted, as host applications do: the cookie of a click has to come back there.
      const app = new Hono().mount('/nango', publicWeb(client, { config, trustedProxies: 1, ...options }).fetch);
      const { url, server } = await listen(app.fetch);
      const linkTo = (ref: RequestRef) => `${url}/nango/connect/${signedPath(ref, config.linkKeys)}`;
      return { name, url, linkTo, close: () => stop(server) };
    }),
  );
}
