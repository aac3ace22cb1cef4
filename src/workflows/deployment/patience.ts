import { JOB_START_MS } from '../../contract/limits';

/**
 * Of one deployment with all the jobs that it starts: each start leaves a copy of the code in the history, and one whose
 * outcome is unknown is followed by another job.
 */
export class Patience {
  private starts = 0;
  private leftMs = JOB_START_MS;

  /** One more start. @returns how many there were, this one included */
  counted(): number {
    return ++this.starts;
  }

  /** @param pauseMs what the next start would be waited for. @returns whether it may */
  allows(pauseMs: number): boolean {
    const isLeft = this.leftMs > 0;
    this.leftMs -= pauseMs;
    return isLeft;
  }
}
