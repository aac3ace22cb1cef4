import { DEFAULT_TASK_QUEUE } from '../../src/contract/names';

/** Both workers have workflows of the same names, each on a queue of its own. */
export const OUR_QUEUE = DEFAULT_TASK_QUEUE;
export const HAND_WRITTEN_QUEUE = 'hand-written';
