import { startChild, workflowInfo } from '@temporalio/workflow';
import type { ChildWorkflowHandle } from '@temporalio/workflow';
import { bulkPageId, WORKFLOW } from '../../contract/names';
import type { BulkWait, Pace } from '../../contract/types';
import { paceSignal } from '../messages';
import type { BulkPageInput, BulkPageResult, BulkPageWorkflow } from './bulk-page';

type Page = ChildWorkflowHandle<BulkPageWorkflow>;

/** How a page ended. */
export type PageEnd = { first: number } & ({ result: BulkPageResult } | { error: unknown });

/** The pages of a run that have not ended, each a child of its own. */
export class PagesInFlight {
  readonly #pages = new Map<number, { first: number; waitsFor: BulkWait; page?: Page }>();
  #pace: Pace = 'go';

  /** @param onEnd called once for each page */
  constructor(private readonly onEnd: (end: PageEnd) => void) {}

  get count(): number {
    return this.#pages.size;
  }

  /** The index at which the page begins that is being read; a run reads one at a time. */
  get reading(): { page: number; first: number } | undefined {
    const found = [...this.#pages].find(([, { waitsFor }]) => waitsFor === 'source');
    return found && { page: found[0], first: found[1].first };
  }

  /** What they wait for. The sink before all: it holds back the pages of which it has outcomes, and with them the others. */
  get waitsFor(): BulkWait | undefined {
    const waits = [...this.#pages.values()].map(({ waitsFor }) => waitsFor);
    return (['sink', 'calls', 'source'] as const).find((wait) => waits.includes(wait));
  }

  begin(input: Omit<BulkPageInput, 'pace'>): void {
    this.#pages.set(input.page, { first: input.first, waitsFor: 'source' });
    void this.#run({ ...input, pace: this.#pace });
  }

  setWait(page: number, waitsFor: BulkWait): void {
    const one = this.#pages.get(page);
    if (one !== undefined) one.waitsFor = waitsFor;
  }

  setPace(pace: Pace): void {
    this.#pace = pace;
    for (const { page } of this.#pages.values()) if (page !== undefined) void signal(page, pace);
  }

  async #run(input: BulkPageInput): Promise<void> {
    const { page: number, first } = input;
    let end: PageEnd;
    try {
      const page = await startChild<BulkPageWorkflow>(WORKFLOW.bulkPage, {
        workflowId: bulkPageId(workflowInfo().firstExecutionRunId, number),
        args: [input],
        // A run that is terminated loses no outcome: its pages come to their end.
        parentClosePolicy: 'ABANDON',
      });
      this.#pages.get(number)!.page = page;
      if (this.#pace !== input.pace) void signal(page, this.#pace);
      end = { first, result: await page.result() };
    } catch (error) {
      end = { first, error };
    }
    this.#pages.delete(number);
    this.onEnd(end);
  }
}

async function signal(page: Page, pace: Pace): Promise<void> {
  try {
    await page.signal(paceSignal, pace);
  } catch {
    // It has ended.
  }
}
