import { requestIdPrefix } from '../../contract/request-id';
import type { Standing } from '../../requests/standing';
import { notFound } from '../terminal/failure';
import type { Temporal } from '../temporal';

/** The whole id of a request, of which `nango/<environment>/` may be left out. */
function wholeRequestId(environment: string, id: string): string {
  const prefix = requestIdPrefix(environment);
  return id.startsWith(prefix) ? id : prefix + id;
}

/** How the latest request of an id stands. @throws CliFailure (Cli.NotFound) */
export async function findRequest({ connections, config }: Temporal, id: string): Promise<Standing> {
  const standing = await connections.standing(wholeRequestId(config.environment, id));
  if (standing !== undefined) return standing;
  throw notFound(
    `There is no such request in the environment ${config.environment}.`,
    'List the open ones with `temporal-nango requests list`.',
  );
}
