import type { ApplicationFailure } from '@temporalio/common';
import type { Context } from 'hono';
import { reasonOf } from '../../contract/errors';
import type { NangoErrorType } from '../../contract/errors';
import type { IntegrationFace } from '../logos/integration-faces';
import { show } from '../layout';
import { publicTexts } from '../texts/current';
import { MessagePage } from './message-pages';

/** What passes by itself; anything else somebody has to repair. */
const PASSING: ReadonlySet<string> = new Set<NangoErrorType>([
  'Nango.Unavailable',
  'Nango.RateLimited',
  'Nango.NoWorker',
  'Nango.TemporalUnavailable',
  'Nango.BadResponse',
]);

/** The page for somebody who came too often. @param seconds until they may come again */
export function tooManyVisits(c: Context, root: string, seconds: number): Response {
  c.header('Retry-After', String(seconds));
  return show(c, <MessagePage root={root} message={publicTexts().tooManyVisits} />, 429);
}

/** The page for what a request, Nango or Temporal refused. @param back the way to the request */
export function refusedBy(
  c: Context,
  root: string,
  failure: ApplicationFailure,
  back: string,
  face?: IntegrationFace,
): Response {
  if (reasonOf(failure) === 'too_many_links') {
    return show(c, <MessagePage root={root} message={publicTexts().tooManyLinks} back={back} face={face} />, 429);
  }
  const { title, text } = publicTexts().misconfigured;
  const type = failure.type ?? '';
  const message = PASSING.has(type) ? publicTexts().unavailable : { title, text: text(type) };
  return show(c, <MessagePage root={root} message={message} back={back} face={face} />, 503);
}
