import type { Client } from '@temporalio/client';
import { integrationSetUpOf } from '../../src/requests/set-ups/integration-set-up';
import type { Place } from '../../src/requests/start';
import { failureOf } from '../support/world';

const SECRET = 'pasted-by-mistake';

test.each<[string, object, string]>([
  ['in the place of a variable', { clientId: 'c', clientSecret: SECRET }, 'credentials.clientSecret'],
  ['for the name of one', { clientId: 'c', clientSecret: { fromEnv: SECRET } }, 'credentials.clientSecret.fromEnv'],
  ['under a name of its own', { clientId: 'c', client_secret: SECRET }, 'credentials'],
])('a secret %s is not sent to Temporal', async (_, credentials, field) => {
  const withDeadline = jest.fn();
  const client = { withDeadline } as unknown as Client;
  const place: Place = { client, taskQueue: 'nango', environment: 'default' };
  const setUp = integrationSetUpOf({ id: 'nango-integration/default/crm', firstExecutionRunId: 'r' }, place);
  const failure = await failureOf(setUp.decide({ choice: 'own', by: 'ops', credentials }));
  expect(withDeadline).not.toHaveBeenCalled();
  expect(failure).toMatchObject({ type: 'Nango.InvalidRequest', field });
  expect(failure.message).not.toContain(SECRET);
});
