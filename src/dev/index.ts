export { temporalBinary, testServerBinary } from './binaries';
export type { EmbeddedTemporal } from './embedded-temporal';
export { resolveTemporal } from './resolve-temporal';
export { startTemporal, type StartTemporalOptions } from './start-temporal';
export { TemporalUnavailableError } from './unavailable-error';
