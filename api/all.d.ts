/** All entry points at once, to find what one of them names and none of them exports. */
export * as index from '../lib/index';
export * as workflow from '../lib/workflow';
export * as workflows from '../lib/worker-workflows';
export * as web from '../lib/web';
export * as testing from '../lib/testing';
