import type { Owner } from '../../contract/types';

/** Whose, in a word or two. */
export function ownerText({ endUser, organization }: Owner): string {
  const names = [organization?.id, endUser?.id].filter((id) => id !== undefined);
  return names.length === 0 ? 'anybody' : names.join(', ');
}
