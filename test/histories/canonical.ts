import { historyToJson } from './proto-json';

type History = Parameters<typeof historyToJson>[0];
type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

/** What names a machine, a process or one attempt, or says where the code lay; a replay needs none of it. */
const DROPPED: ReadonlySet<string> = new Set([
  'binaryChecksum',
  'historySizeBytes',
  'identity',
  'meteringMetadata',
  'prevAutoResetPoints',
  'requestId',
  'stackTrace',
  'taskId',
  'workerVersion',
]);

/**
 * A history as it is kept: the JSON of Temporal's tools, keys in order, without what tells of the machine. Run ids stay,
 * since the random numbers of a workflow come from them; so do the times.
 */
export function canonical(history: History): string {
  return `${JSON.stringify(clean(historyToJson(history) as Value), null, 2)}\n`;
}

function clean(value: Value): Value {
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !DROPPED.has(key));
  const sorted = kept.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, clean(inner)] as const);
  const cleaned = Object.fromEntries(sorted);
  // The name of a worker's own queue is made of its process and its host.
  return cleaned.kind === 'TASK_QUEUE_KIND_STICKY' ? { ...cleaned, name: 'sticky' } : cleaned;
}
