import { sleep } from '@temporalio/workflow';
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** Interceptors of workflows: that a page has been read is heard of two seconds before the page knows that it is. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      async signalWorkflow(input, next) {
        await next(input);
        if (input.signalName === 'nango.pageRead') await sleep(2_000);
      },
    },
  ],
});
