import type { BulkPage, BulkSinkInput } from 'temporal-nango';
import { path } from 'temporal-nango/workflow';

/** Rows behind an id, in the order of their ids. */
export interface Contacts {
  after(id: number, limit: number): Promise<{ id: number; email: string }[]>;
  keep(outcomes: BulkSinkInput['outcomes']): Promise<void>;
}

export const activitiesOf = (contacts: Contacts) => ({
  async contactsToUpdate({ cursor = 0 }: { cursor?: number }): Promise<BulkPage> {
    const rows = await contacts.after(cursor, 500);
    const calls = rows.map(({ id, email }) => ({
      ...{ method: 'PATCH' as const, endpoint: path`/contacts/${id}` },
      body: { email },
    }));
    return { calls, next: rows.at(-1)?.id };
  },
  async keepOutcomes({ outcomes }: BulkSinkInput): Promise<void> {
    await contacts.keep(outcomes);
  },
});
