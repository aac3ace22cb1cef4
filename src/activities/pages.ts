import { checkConnectionRef } from '../contract/rules/check-call';
import { checkPaging } from '../contract/rules/check-paging';
import { pageInputSchema } from '../contract/schemas/pages';
import { readOnePage } from '../nango/paging/page';
import { ProviderCatalog } from '../nango/provider-facts';
import type { NangoActivities } from '../contract/activities';
import { calling, bounds, parse } from './context';
import type { ActivityDependencies } from './context';

export function pageActivities({ api }: ActivityDependencies): Pick<NangoActivities, 'nango.proxyPage'> {
  const catalog = new ProviderCatalog(api);
  return {
    async 'nango.proxyPage'(input) {
      const given = parse(pageInputSchema, input);
      checkConnectionRef(given.connection);
      checkPaging(given.endpoint, given);
      return await calling(readOnePage(api, catalog, given, bounds()));
    },
  };
}
