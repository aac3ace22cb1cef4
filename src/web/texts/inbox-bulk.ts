import { foreign } from '../foreign';

/** Of bulk runs. */
export const BULK_TEXTS = {
  bulk: {
    title: 'Bulk runs',
    titleOf: (n: number): string => `Bulk runs (${n})`,
    backToList: 'All bulk runs',
    caption: (count: string): string => `${count}, newest first. Numbers are up to half a minute old.`,
    count: (n: number): string => (n === 1 ? '1 bulk run' : `${n} bulk runs`),
    bounded: (shown: number, all: number): string => `The first ${shown} of ${all} are shown.`,
    run: 'Run',
    connection: 'Connection',
    connectionOf: (integration: string, id: string): string => `${foreign(integration)}: ${foreign(id)}`,
    status: 'Status',
    statuses: {
      running: 'running',
      paused: 'paused',
      stopping: 'stopping',
      stopped: 'stopped',
      completed: 'completed',
      failed: 'failed',
    },
    done: 'Done',
    doneOf: (n: string, all: string): string => `${n} of ${all}`,
    failed: 'Failed',
    failedOf: (type: string, n: string): string => `${n} ${foreign(type)}`,
    unknown: (n: string): string => `${n} of unknown outcome`,
    none: 'none',
    perSecond: (n: string): string => `${n}/s`,
    waits: { source: 'waits for its source', calls: 'waits for calls', sink: 'waits for its sink' },
    begun: 'Began',
    ends: 'Estimated end',
    action: 'Action',
    pause: 'Pause',
    resume: 'Resume',
    stop: 'Stop …',
    emptyTitle: 'No bulk run goes on',
    empty: 'A workflow or a backend begins one, or the command line, from a file:',
    emptyCommand: 'temporal-nango bulk --integration hubspot --connection ID --from calls.jsonl --out results.jsonl',
    confirm: {
      title: 'Stop the bulk run?',
      what: (id: string): string =>
        `No more calls of ${foreign(id)} are made. Those that were begun end, and their outcomes are kept. It cannot be undone. To hold the run for a while, pause it instead.`,
      yes: 'Stop the run',
    },
    outcome: {
      paused: 'The run is paused: calls that were begun end, and no others are begun.',
      resumed: 'The run goes on.',
      stopped: 'The run is being stopped: it leaves the list once the calls that were begun have ended.',
    },
  },
};
