import { findNangoFailure, nangoFailure } from '../contract/errors';
import { MAX_CANDIDATES, MAX_SHOWN_CANDIDATES_BYTES, MAX_TAG_VALUE_CHARS, MAX_TAGS } from '../contract/limits';
import { TAG } from '../contract/names';
import { choiceMark } from '../contract/request-id';
import { checkConnectionId, checkNangoName } from '../contract/rules/check-call';
import { checkSubject } from '../contract/rules/check-request';
import { checkList } from '../contract/rules/check-shape';
import { belongsTo, marksOf } from '../contract/rules/choose';
import {
  forgetChoiceInputSchema,
  readCandidatesInputSchema,
  rememberChoiceInputSchema,
} from '../contract/schemas/connections';
import type {
  Connection,
  NotRemembered,
  ReadCandidates,
  ReadCandidatesInput,
  RememberChoiceInput,
  RememberedChoice,
  Subject,
  Tags,
} from '../contract/types';
import { getConnection, patchConnection } from '../nango/connections';
import type { NangoApi } from '../nango/http/http';
import { findConnections } from './connections';
import { bounds } from './context';
import { defineActivity } from './define';

/** What is remembered of a choice between several connections of an owner: a mark among the tags of the one. */
export const choiceActivities = {
  ...defineActivity('nango.readCandidates', readCandidatesInputSchema, checkCandidates, async (input, { scopes }) => {
    const { integration, connectionIds } = input;
    const read: ReadCandidates['scopes'] = {};
    for (const connectionId of connectionIds) {
      const { granted } = await scopes.of({ integration, connectionId }, false, bounds());
      let bytes = 0;
      const fits = (scope: string): boolean => (bytes += scope.length) <= MAX_SHOWN_CANDIDATES_BYTES;
      if (granted !== undefined) read[connectionId] = granted.filter(fits);
    }
    return { scopes: read };
  }),

  ...defineActivity(
    'nango.rememberChoice',
    rememberChoiceInputSchema,
    checkRemember,
    async (input, { api }): Promise<RememberedChoice> => {
      const { subject, connectionId } = input;
      const { connection: chosen, fromList } = await readChosen(api, { subject, connectionId });
      refuseOthers(chosen, subject);
      if (fromList) return { connection: chosen, notRemembered: 'forbidden' };
      const notRemembered = await remember(api, subject, chosen);
      return notRemembered === undefined
        ? { connection: await getConnection(api, chosen, bounds()) }
        : { connection: chosen, notRemembered };
    },
  ),

  ...defineActivity('nango.forgetChoice', forgetChoiceInputSchema, checkForget, async ({ subject }, { api }) => {
    const connectionIds = await unmark(api, subject, await findConnections(api, subject, bounds()));
    return { connectionIds };
  }),
};

function checkCandidates({ integration, connectionIds }: ReadCandidatesInput): void {
  checkNangoName(integration, 'integration');
  checkList(connectionIds, 'connectionIds', MAX_CANDIDATES);
  for (const connectionId of connectionIds) checkConnectionId(connectionId, 'connectionIds');
}

function checkRemember({ subject, connectionId }: RememberChoiceInput): void {
  checkSubject(subject);
  checkConnectionId(connectionId, 'connectionId');
}

function checkForget({ subject }: { subject: Subject }): void {
  checkSubject(subject);
}

/** From where it is written, since lists lag; or from the list, by a key that may do no more. */
async function readChosen(
  api: NangoApi,
  { subject, connectionId }: RememberChoiceInput,
): Promise<{ connection: Connection; fromList: boolean }> {
  const { integration } = subject;
  try {
    return { connection: await getConnection(api, { integration, connectionId }, bounds()), fromList: false };
  } catch (error) {
    if (findNangoFailure(error)?.type !== 'Nango.Forbidden') throw error;
    const all = await findConnections(api, subject, bounds());
    const connection = all.find((one) => one.connectionId === connectionId);
    if (connection === undefined) throw nangoFailure('Nango.ConnectionNotFound');
    return { connection, fromList: true };
  }
}

/** Connected anew since, by nobody knows whom: it can be chosen no more than one that is gone. */
function refuseOthers(connection: Connection, { owner, slot }: Subject): void {
  if (!belongsTo(connection, owner, slot) || connection.unconfirmed) throw nangoFailure('Nango.ConnectionNotFound');
}

/** Whoever waits for the connection has it all the same. @returns why the choice could not be kept */
async function remember(api: NangoApi, subject: Subject, chosen: Connection): Promise<NotRemembered | undefined> {
  const mark = choiceMark(subject);
  const marked = ({ tags }: Connection) =>
    withMarks(tags, [...marksOf({ tags }).filter((other) => other !== mark), mark]);
  if (marked(chosen) === undefined) return 'too_many_tags';
  try {
    // First the others: killed in between, nothing is remembered, which asks again; two that are would be no choice.
    const all = await findConnections(api, subject, bounds());
    const others = all.filter(({ connectionId }) => connectionId !== chosen.connectionId);
    await unmark(api, subject, others);
    if (marksOf(chosen).includes(mark)) return undefined;
    // All tags are written at once: a link that was used meanwhile has left its own there.
    const latest = await getConnection(api, chosen, bounds());
    refuseOthers(latest, subject);
    const tags = marked(latest);
    if (tags === undefined) return 'too_many_tags';
    await patchConnection(api, chosen, { tags }, bounds());
    return undefined;
  } catch (error) {
    // A key that may not update connections never will by waiting.
    if (findNangoFailure(error)?.type === 'Nango.Forbidden') return 'forbidden';
    throw error;
  }
}

/** @returns ids of those that had the mark */
async function unmark(api: NangoApi, subject: Subject, connections: Connection[]): Promise<string[]> {
  const mark = choiceMark(subject);
  const marked = connections.filter((connection) => marksOf(connection).includes(mark));
  for (const listed of marked) {
    // All tags are written at once: those of a list may be old.
    const connection = await getConnection(api, listed, bounds());
    const marks = marksOf(connection).filter((other) => other !== mark);
    await patchConnection(api, connection, { tags: withMarks(connection.tags, marks) }, bounds());
  }
  return marked.map(({ connectionId }) => connectionId);
}

/** @returns nothing if there is no room for them */
function withMarks(tags: Tags, marks: string[]): Tags | undefined {
  const others = Object.fromEntries(Object.entries(tags).filter(([key]) => key !== TAG.chosen));
  if (marks.length === 0) return others;
  const value = marks.join(' ');
  const fits = Object.keys(others).length < MAX_TAGS && value.length <= MAX_TAG_VALUE_CHARS;
  return fits ? { ...others, [TAG.chosen]: value } : undefined;
}
