export { temporalBinary } from './binaries';
export type { EmbeddedTemporal } from './embedded-temporal';
export { startTemporal } from './start-temporal';
