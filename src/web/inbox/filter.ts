import type { RequestView } from '../../contract/types';
import type { OpenRequest } from '../../requests/list';

/** What is asked of somebody: to connect, to connect anew, to grant more scopes, or whether another account is right. */
export const QUESTIONS = ['connect', 'reconnect', 'approve-scopes', 'account'] as const;

export type QuestionKind = (typeof QUESTIONS)[number];

/** The state of the list, as its address has it. */
export interface Filter {
  integration?: string;
  /** id of an end user or organization */
  owner?: string;
  question?: string;
  /** part of anything that the list shows by name */
  q?: string;
}

/** @returns nothing while a request is `checking` */
export function questionKindOf({ question }: RequestView): QuestionKind | undefined {
  return question?.accountChange === undefined ? question?.kind : 'account';
}

export function readFilter(query: Record<string, string>): Filter {
  const given = (name: string): string | undefined => query[name]?.trim() || undefined;
  return { integration: given('integration'), owner: given('owner'), question: given('question'), q: given('q') };
}

export function isFiltered(filter: Filter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

export function matches(request: OpenRequest, { integration, owner, question, q }: Filter): boolean {
  const { endUser, organization } = request.owner;
  if (integration !== undefined && request.integration !== integration) return false;
  if (owner !== undefined && endUser?.id !== owner && organization?.id !== owner) return false;
  if (question !== undefined && questionKindOf(request) !== question) return false;
  if (q === undefined) return true;
  const { accountChange } = request.question ?? {};
  const names = [request.id, request.integration, request.slot, endUser?.id, endUser?.displayName, endUser?.email];
  return [...names, organization?.id, accountChange?.recorded, accountChange?.found].some((name) =>
    name?.toLowerCase().includes(q.toLowerCase()),
  );
}

/**
 * Most overdue first: by the deadline, so those whose deadline has passed come first and those with the most time left
 * last; of two with the same deadline, the one that has waited longer. What is still `checking` has no deadline and
 * comes at the end.
 */
export function mostOverdueFirst(requests: OpenRequest[]): OpenRequest[] {
  const deadline = ({ question }: OpenRequest): number => question?.deadline ?? Number.MAX_SAFE_INTEGER;
  return requests.toSorted(
    (a, b) => deadline(a) - deadline(b) || waitingSince(a) - waitingSince(b) || (a.id < b.id ? -1 : 1),
  );
}

/** Since when a person is waited for, in milliseconds since the epoch. */
export function waitingSince({ question, startedAt }: { question?: RequestView['question']; startedAt: Date }): number {
  return question?.since ?? startedAt.getTime();
}
