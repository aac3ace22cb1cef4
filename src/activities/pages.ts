import { checkConnectionRef } from '../contract/rules/check-call';
import { checkPaging } from '../contract/rules/check-paging';
import { pageInputSchema } from '../contract/schemas/pages';
import type { Page, PageInput } from '../contract/types';
import type { Bounds } from '../nango/http/bounds';
import { readOnePage } from '../nango/paging/page';
import { admitted } from './admission';
import { calling, maxResponseBytes } from './context';
import { defineActivity } from './define';

const READ = { route: 'proxy', repeatable: true } as const;

export const pageActivities = defineActivity(
  'nango.proxyPage',
  pageInputSchema,
  checkPageInput,
  (input, dependencies) => {
    const { api, catalog } = dependencies;
    const maxBytes = maxResponseBytes(dependencies);
    const read = (bounds: Bounds): Promise<Page> => readOnePage(api, catalog, input, bounds, maxBytes);
    return calling(admitted(dependencies, input.connection, READ, read));
  },
);

function checkPageInput(input: PageInput): void {
  checkConnectionRef(input.connection);
  checkPaging(input.endpoint, input);
}
