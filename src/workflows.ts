/**
 * Our workflows, to re-export in a bundle of one's own: `export * from 'temporal-nango/workflows'`.
 *
 * @module
 */
export { ensureConnection } from './workflows/ensure-connection-workflow';
export { connectionRequest } from './workflows/connection-request';
export { connectionWatch } from './workflows/connection-watch';
