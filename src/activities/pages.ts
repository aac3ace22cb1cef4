import { checkConnectionRef } from '../contract/rules/check-call';
import { checkPaging } from '../contract/rules/check-paging';
import { pageInputSchema } from '../contract/schemas/pages';
import type { PageInput } from '../contract/types';
import { readOnePage } from '../nango/paging/page';
import { calling, bounds, maxResponseBytes } from './context';
import { defineActivity } from './define';

export const pageActivities = defineActivity(
  'nango.proxyPage',
  pageInputSchema,
  checkPageInput,
  (input, dependencies) =>
    calling(readOnePage(dependencies.api, dependencies.catalog, input, bounds(), maxResponseBytes(dependencies))),
);

function checkPageInput(input: PageInput): void {
  checkConnectionRef(input.connection);
  checkPaging(input.endpoint, input);
}
