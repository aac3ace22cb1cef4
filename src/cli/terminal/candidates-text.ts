import type { Candidate } from '../../contract/types';
import { table } from './table';
import { moment } from './time';

/** Connections between which somebody has to choose, and what tells them apart. */
export function candidatesText(candidates: Candidate[]): string {
  const rows = candidates.map(({ connectionId, createdAt, account, health, tags, grantedScopes }) => [
    connectionId,
    dateOf(createdAt),
    account,
    health,
    Object.entries(tags)
      .map(([key, value]) => `${key}=${value}`)
      .join(' ') || undefined,
    grantedScopes?.join(' '),
  ]);
  const isUsed = HEADINGS.map((_, i) => rows.some((row) => row[i] !== undefined));
  return table(
    HEADINGS.filter((_, i) => isUsed[i]),
    rows.map((row) => row.filter((_, i) => isUsed[i])),
  );
}

const HEADINGS = ['CONNECTION', 'CREATED', 'ACCOUNT', 'HEALTH', 'TAGS', 'SCOPES'];

function dateOf(createdAt: string): string {
  const date = new Date(createdAt);
  return Number.isNaN(date.getTime()) ? createdAt : moment(date);
}
