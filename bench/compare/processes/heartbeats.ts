const REQUESTS = /^temporal_request\{[^}]*operation="RecordActivityTaskHeartbeat"[^}]*\} (\d+)/gm;

/**
 * Heartbeats that have left a worker, as Temporal's core counts them in its metrics: after its throttle, so it is those
 * that are billed. @param metrics in the text form of Prometheus
 */
export function heartbeatsIn(metrics: string): number {
  return [...metrics.matchAll(REQUESTS)].reduce((sum, [, count]) => sum + Number(count), 0);
}
