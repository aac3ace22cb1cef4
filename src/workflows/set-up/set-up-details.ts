import { minuteOf } from '../minute-of';
import { questionOf } from './set-up-state';
import type { SetUpState } from './set-up-state';

/** A set-up in plain words, for whoever looks at it in Temporal's UI. */
export function setUpDetails(state: SetUpState): string {
  const { subject, status, decided, problem, failure } = state;
  const what = `${subject.integration} (${subject.provider})`;
  const question = questionOf(state);
  if (question === undefined) return `${WORDS[status](what)}${failure === undefined ? '' : `\n${failure.type}.`}`;
  const lines = [
    `Waiting for an operator to set up ${what} since ${minuteOf(question.since)}.`,
    `Until ${minuteOf(question.deadline)}. Choices: ${question.choices.join(', ')}.`,
  ];
  if (decided !== undefined) lines.push(`${decided.by} chose ${decided.choice} at ${minuteOf(decided.at)}.`);
  if (problem !== undefined) lines.push(`That came to nothing: ${problem.type}.`);
  return lines.join('\n');
}

const WORDS: Record<SetUpState['status'], (what: string) => string> = {
  checking: (what) => `Setting up ${what}.`,
  waiting: (what) => `Waiting for an operator to set up ${what}.`,
  ready: (what) => `${what} is set up.`,
  declined: (what) => `An operator declined to set up ${what}.`,
  timedOut: (what) => `Nobody has set up ${what} in time.`,
  cancelled: (what) => `${what} is not set up: nobody waits for it, or it cannot be had.`,
};
