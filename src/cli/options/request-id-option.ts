import { requestIdPrefix } from '../../contract/request-id';
import type { RequestDescription } from '../../requests/description';
import { notFound } from '../terminal/failure';
import type { Temporal } from '../temporal';

/** The whole id of a request, of which `nango/<environment>/` may be left out. */
function wholeRequestId(environment: string, id: string): string {
  const prefix = requestIdPrefix(environment);
  return id.startsWith(prefix) ? id : prefix + id;
}

/** The description of the latest request of an id. @throws CliFailure (Cli.NotFound) */
export async function findRequest({ connections, config }: Temporal, id: string): Promise<RequestDescription> {
  const description = await connections.describeRequest(wholeRequestId(config.environment, id));
  if (description !== undefined) return description;
  throw notFound(
    `There is no such request in the environment ${config.environment}.`,
    'List the open ones with `temporal-nango requests list`.',
  );
}
