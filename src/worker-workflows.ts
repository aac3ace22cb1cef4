/**
 * Our workflows, to re-export in a bundle of one's own: `export * from 'temporal-nango/worker-workflows'`. They keep no state in
 * their modules, so that `preloadModules: [require.resolve('temporal-nango/worker-workflows')]` halves the memory of each.
 *
 * @packageDocumentation
 */
export { ensureConnection } from './workflows/ensure-connection-workflow';
export type { ConnectionAndOutcomes, EnsureAndCallInput } from './workflows/ensure-connection-workflow';
export { connectionRequest } from './workflows/connection-request';
export type { RequestInput } from './workflows/connection-request';
export { connectionWatch } from './workflows/connection-watch';
export { connectionHolds } from './workflows/connection-holds';
export { rateLimiter } from './workflows/rate-limiter';
export { integrationHealth } from './workflows/integration-health';
export type { HealthInput } from './workflows/integration-health';
export { operatorNotice } from './workflows/operator-notice';
export { bulk } from './workflows/bulk/bulk';
export { integrationSetUp } from './workflows/integration-set-up';
export { bulkPage } from './workflows/bulk/bulk-page';
export { deployFunction } from './workflows/deploy-function';
