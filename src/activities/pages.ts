import { checkConnectionRef } from '../contract/rules/check-call';
import { checkPaging } from '../contract/rules/check-paging';
import { pageInputSchema } from '../contract/schemas/pages';
import type { Page, PageInput } from '../contract/types';
import type { Bounds } from '../nango/http/bounds';
import { readOnePage } from '../nango/paging/page';
import { admitted } from './admission';
import { bounds, calling, maxResponseBytes } from './context';
import { defineActivity } from './define';
import { withSuggestions } from './with-suggestions';

const READ = { route: 'proxy', repeatable: true } as const;

export const pageActivities = defineActivity(
  'nango.proxyPage',
  pageInputSchema,
  checkPageInput,
  async (input, dependencies) => {
    const { api, catalog } = dependencies;
    const maxBytes = maxResponseBytes(dependencies);
    const read = (within: Bounds): Promise<Page> => readOnePage(api, catalog, input, within, maxBytes);
    const reading = calling(admitted(dependencies, input.connection, READ, bounds(), read));
    return await withSuggestions(dependencies, input, reading);
  },
);

function checkPageInput(input: PageInput): void {
  checkConnectionRef(input.connection);
  checkPaging(input.endpoint, input);
}
