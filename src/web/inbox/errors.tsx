import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import type { NangoConfig } from '../../config';
import { detailsOf, findNangoFailure } from '../../contract/errors';
import { logFault } from '../faults';
import type { RespondToFault } from '../faults';
import { Foreign } from '../said';
import { show } from '../layout';
import { inboxTexts } from '../texts/current';
import type { InboxTexts } from '../texts/inbox';
import { Notice } from './frame';
import { belowRoot, rootOf } from './root';

type ErrorPage = keyof InboxTexts['errors'];
type Status = Parameters<typeof show>[2];

/** A page that says what went wrong, and what to do. */
export function errorPage(c: Context, page: ErrorPage, status: Status, scope?: string): Response {
  return show(
    c,
    <ErrorNotice root={rootOf(c)} page={page} scope={scope} isBulk={belowRoot(c).startsWith('bulk')} />,
    status,
  );
}

/** What was thrown as a page: a refusal is 409, what an operator has to repair 503; what nobody meant 500, and logged. */
export function failurePage(config: NangoConfig): RespondToFault {
  const { errors } = inboxTexts();
  return (error, c) => {
    const failure = findNangoFailure(error);
    if (failure === undefined) {
      logFault(error, c, config);
      return errorPage(c, 'other', 500);
    }
    const { reason, field, scope } = detailsOf(failure);
    const page =
      [reason, field, failure.type].find((name): name is ErrorPage => Object.hasOwn(errors, name ?? '')) ?? 'other';
    if (failure.type !== 'Nango.InvalidRequest') return errorPage(c, page, 503, scope);
    return errorPage(c, page, reason === undefined ? 400 : 409);
  };
}

interface ErrorProps {
  root: string;
  page: ErrorPage;
  /** that the key lacks */
  scope?: string;
  isBulk: boolean;
}

function ErrorNotice({ root, page, scope, isBulk }: ErrorProps): Child {
  const { errors } = inboxTexts();
  const { title, what } = errors[page];
  return (
    <Notice title={title} root={root}>
      <p>{what}</p>
      {scope !== undefined && (
        <p>
          {inboxTexts().missingScope} <code>{<Foreign text={scope} />}</code>
        </p>
      )}
      <p>
        <a href={isBulk ? `${root}bulk` : root}>{isBulk ? inboxTexts().bulk.backToList : inboxTexts().backToList}</a>
      </p>
    </Notice>
  );
}
