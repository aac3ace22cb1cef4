import type { Pagination } from '../../../src/workflow';
import { readAll } from '../paged-workflows';
import { LISTS } from './setting';
import type { Stage } from './stage';

const RESULTS = { itemsPath: '/results' };
const CURSOR: Pagination = { type: 'cursor', cursorPath: '/after', cursorParam: 'page', ...RESULTS };
const LINK: Pagination = { type: 'link', linkPath: '/next', ...RESULTS };
const HEADER: Pagination = { type: 'link', ...RESULTS };
const pick = ['/id'];

/** Lists whose pages, or the links between them, hold what nobody asked for; and pages that fail. */
export async function pages(stage: Stage): Promise<void> {
  await Promise.all([
    stage.ends(readAll, [LISTS, '/cursor', { paginate: CURSOR, pick }], 'ok'),
    stage.ends(readAll, [LISTS, '/linked', { paginate: LINK, pick }], 'ok'),
    stage.ends(readAll, [LISTS, '/headed', { paginate: HEADER, pick }], 'ok'),
    stage.ends(readAll, [LISTS, '/away', { paginate: LINK }], 'Nango.BadResponse'),
    stage.ends(readAll, [LISTS, '/nolist', { paginate: CURSOR }], 'Nango.BadResponse'),
    stage.ends(readAll, [LISTS, '/badjson/page', { paginate: CURSOR }], 'Nango.BadResponse'),
    stage.ends(readAll, [LISTS, '/status/402', { paginate: CURSOR }], 'Nango.ProviderRejected'),
    stage.ends(readAll, [LISTS, '/flaky/503', { paginate: CURSOR }], 'Nango.BadResponse'),
    stage.ends(readAll, [LISTS, '/large/page', { paginate: CURSOR }], 'Nango.ResponseTooLarge'),
  ]);
}
