import type { ConnectionRequest } from '../../requests/connection-request';
import type { Run } from '../terminal/answer';
import { moment, span } from '../terminal/time';

const EVERY_MS = 2_000;

/** Says in a live line how a request stands, for as long as it is waited for. That it cannot be asked ends nothing. */
export function watchRequest({ io }: Run, request: ConnectionRequest, who: string): { stop: () => void } {
  const since = Date.now();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    const line = await request.standing().then(
      (standing) => lineOf(standing?.view, who),
      () => `Waiting for ${who}; Temporal does not answer just now`,
    );
    if (stopped) return;
    // A log needs no clock; a person sees by it that nothing hangs.
    io.live(io.interactive ? `${line} (${span(Date.now() - since)})` : line);
    timer = setTimeout(() => void look(), EVERY_MS);
  };
  void look();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function lineOf(
  view: { ask?: { deadline: number; accountChange?: object }; reminders: number } | undefined,
  who: string,
) {
  const { ask, reminders = 0 } = view ?? {};
  const until = ask === undefined ? [] : [`until ${moment(ask.deadline)}`];
  const reminded = reminders === 0 ? [] : [`reminded ${reminders} times`];
  const question =
    ask?.accountChange === undefined ? [] : ['another account was connected: `temporal-nango requests answer`'];
  return [`Waiting for ${who}`, ...until, ...reminded, ...question].join(', ');
}
