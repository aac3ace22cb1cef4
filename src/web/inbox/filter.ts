import type { RequestView } from '../../contract/types';
import type { OpenRequest } from '../../requests/list';

/** What is asked of somebody: to connect, to connect anew, or whether another account is right. */
export const ASKS = ['connect', 'reconnect', 'account'] as const;

export type AskKind = (typeof ASKS)[number];

/** The state of the list, as its address has it. */
export interface Filter {
  integration?: string;
  /** id of an end user or organization */
  owner?: string;
  ask?: string;
  /** part of anything that the list shows by name */
  q?: string;
}

/** @returns nothing while a request has not asked yet */
export function askKindOf({ ask }: RequestView): AskKind | undefined {
  return ask?.accountChange === undefined ? ask?.kind : 'account';
}

export function readFilter(query: Record<string, string>): Filter {
  const given = (name: string): string | undefined => query[name]?.trim() || undefined;
  return { integration: given('integration'), owner: given('owner'), ask: given('ask'), q: given('q') };
}

export function isFiltered(filter: Filter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

export function matches(request: OpenRequest, { integration, owner, ask, q }: Filter): boolean {
  const { endUser, organization } = request.owner;
  if (integration !== undefined && request.integration !== integration) return false;
  if (owner !== undefined && endUser?.id !== owner && organization?.id !== owner) return false;
  if (ask !== undefined && askKindOf(request) !== ask) return false;
  if (q === undefined) return true;
  const { accountChange } = request.ask ?? {};
  const names = [request.id, request.integration, request.slot, endUser?.id, endUser?.displayName, endUser?.email];
  return [...names, organization?.id, accountChange?.recorded, accountChange?.found].some((name) =>
    name?.toLowerCase().includes(q.toLowerCase()),
  );
}

/**
 * Most overdue first: by the deadline, so those whose deadline has passed come first and those with the most time left
 * last; of two with the same deadline, the one that has waited longer. What has not asked yet has no deadline and comes
 * at the end.
 */
export function mostOverdueFirst(requests: OpenRequest[]): OpenRequest[] {
  const deadline = ({ ask }: OpenRequest): number => ask?.deadline ?? Number.MAX_SAFE_INTEGER;
  return requests.toSorted(
    (a, b) => deadline(a) - deadline(b) || waitingSince(a) - waitingSince(b) || (a.id < b.id ? -1 : 1),
  );
}

/** Since when a person is waited for, in milliseconds since the epoch. */
export function waitingSince({ ask, startedAt }: { ask?: RequestView['ask']; startedAt: Date }): number {
  return ask?.since ?? startedAt.getTime();
}
