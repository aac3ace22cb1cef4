import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import type { historyFromJson } from './proto-json';

const SRC = join(__dirname, '../../src');

/** Ids of all branches behind `patched` in our code, as they stand there: one that is not written out no recording has. */
export function patchesOfSource(): string[] {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
  const given = files.flatMap((file) => [...readFileSync(join(SRC, file), 'utf8').matchAll(/\bpatched\(([^)]*)\)/g)]);
  return [...new Set(given.map(([, id = '']) => id.trim().replace(/^'(.*)'$/, '$1')))].sort();
}

/** Ids of the branches that a history has taken. */
export function patchesIn({ events }: ReturnType<typeof historyFromJson>): string[] {
  return (events ?? []).flatMap(({ markerRecordedEventAttributes: marker }) => {
    if (marker?.markerName !== 'core_patch') return [];
    const payloads = marker.details?.['patch-data']?.payloads ?? [];
    return payloads.map((payload) => defaultPayloadConverter.fromPayload<{ id: string }>(payload).id);
  });
}
