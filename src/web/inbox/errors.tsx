import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import type { NangoConfig } from '../../config';
import { detailsOf, findNangoFailure } from '../../contract/errors';
import { logFault } from '../faults';
import type { RespondToFault } from '../faults';
import { show } from '../layout';
import { INBOX } from '../texts';
import { Notice } from './frame';
import { belowRoot, rootOf } from './root';

const { errors } = INBOX;

type ErrorPage = keyof typeof errors;
type Status = Parameters<typeof show>[2];

/** A page that says what went wrong, and what to do. */
export function errorPage(c: Context, page: ErrorPage, status: Status): Response {
  return show(c, <ErrorNotice root={rootOf(c)} page={page} isBulk={belowRoot(c).startsWith('bulk')} />, status);
}

/** What was thrown as a page: a refusal is 409, what an operator has to repair 503; what nobody meant 500, and logged. */
export function failurePage(config: NangoConfig): RespondToFault {
  return (error, c) => {
    const failure = findNangoFailure(error);
    if (failure === undefined) {
      logFault(error, c, config);
      return errorPage(c, 'other', 500);
    }
    const { reason, field } = detailsOf(failure);
    const page =
      [reason, field, failure.type].find((name): name is ErrorPage => Object.hasOwn(errors, name ?? '')) ?? 'other';
    if (failure.type !== 'Nango.InvalidRequest') return errorPage(c, page, 503);
    return errorPage(c, page, reason === undefined ? 400 : 409);
  };
}

function ErrorNotice({ root, page, isBulk }: { root: string; page: ErrorPage; isBulk: boolean }): Child {
  const { title, what } = errors[page];
  return (
    <Notice title={title} root={root}>
      <p>{what}</p>
      <p>
        <a href={isBulk ? `${root}bulk` : root}>{isBulk ? INBOX.bulk.backToList : INBOX.backToList}</a>
      </p>
    </Notice>
  );
}
