import type { RequestView } from '../../contract/types';
import type { OpenRequest } from '../../requests/list';
import { GROUPS, groupOf } from './shown-status';
import { isUnconfirmed } from './unconfirmed';

/**
 * What is asked of somebody; of an operator: which connection is meant, what an integration requests, or whether another
 * account is right; of either: whether it was the owner who connected.
 */
export const QUESTIONS = [
  'connect',
  'reconnect',
  'approve-scopes',
  'choose-connection',
  'update-integration-scopes',
  'recreate-connection',
  'account',
  'owner',
] as const;

export type QuestionKind = (typeof QUESTIONS)[number];

/** The state of the list, as its address has it. */
export interface Filter {
  integration?: string;
  /** id of an end user or organization */
  owner?: string;
  question?: string;
  /** one of the groups of the list */
  status?: string;
  /** part of anything that the list shows by name */
  q?: string;
}

/** @returns nothing while a request is `checking` */
export function questionKindOf(view: RequestView): QuestionKind | undefined {
  const { question } = view;
  if (isUnconfirmed(view)) return 'owner';
  return question?.accountChange === undefined ? question?.kind : 'account';
}

export function readFilter(query: Record<string, string>): Filter {
  const given = (name: string): string | undefined => query[name]?.trim() || undefined;
  const names = { integration: given('integration'), owner: given('owner'), question: given('question') };
  return { ...names, status: given('status'), q: given('q') };
}

export function isFiltered(filter: Filter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

export function matches(request: OpenRequest, { integration, owner, question, status, q }: Filter): boolean {
  const { endUser, organization } = request.owner;
  if (integration !== undefined && request.integration !== integration) return false;
  if (owner !== undefined && endUser?.id !== owner && organization?.id !== owner) return false;
  if (question !== undefined && questionKindOf(request) !== question) return false;
  if (status !== undefined && groupOf(request) !== status) return false;
  if (q === undefined) return true;
  const { accountChange } = request.question ?? {};
  const names = [request.id, request.integration, request.slot, endUser?.id, endUser?.displayName, endUser?.email];
  return [...names, organization?.id, accountChange?.recorded, accountChange?.found].some((name) =>
    name?.toLowerCase().includes(q.toLowerCase()),
  );
}

/**
 * What needs the operator first, then what nobody has confirmed, then what waits for others. Of each, the most overdue
 * first: by the deadline, so those whose deadline has passed come first and those with the most time left last; of two
 * with the same deadline, the one that has waited longer. What is still `checking` has no deadline and comes at the end.
 */
export function mostUrgentFirst(requests: OpenRequest[]): OpenRequest[] {
  const rank = (request: OpenRequest): number => GROUPS.findIndex((group) => group === groupOf(request));
  const deadline = ({ question }: OpenRequest): number => question?.deadline ?? Number.MAX_SAFE_INTEGER;
  return requests.toSorted(
    (a, b) =>
      rank(a) - rank(b) || deadline(a) - deadline(b) || waitingSince(a) - waitingSince(b) || (a.id < b.id ? -1 : 1),
  );
}

/** Since when a person is waited for, in milliseconds since the epoch. */
export function waitingSince({ question, startedAt }: { question?: RequestView['question']; startedAt: Date }): number {
  return question?.since ?? startedAt.getTime();
}
