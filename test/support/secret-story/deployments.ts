import { deploymentId } from '../../../src/contract/request-id';
import { STARTER } from '../../../src/cli/functions/starter';
import type { Stage } from './stage';

/** A function is deployed and run, on a connection whose credential nobody else may see. */
export async function deployments(stage: Stage): Promise<void> {
  const { ledger, world } = stage;
  const integration = 'deployed-to';
  world.nango.addProvider({ name: integration, authMode: 'API_KEY' });
  world.nango.addIntegration({ key: integration, provider: integration });
  const apiKey = ledger.secret('credential of a connection that a function is tried on');
  world.nango.addConnection({ integration, connectionId: 'c-1', credentials: { type: 'API_KEY', apiKey } });
  ledger.worked('credential of a connection that a function is tried on');
  const greet = { integration, name: 'greet', code: STARTER, connectionId: 'c-1', input: { name: 'Ann' } };
  const deployment = await world.connections.deployFunction({ ...greet, approvedBy: 'olive' });
  ledger.given.push(await deployment.result(), await deployment.view());
  const failing = await world.connections.deployFunction({ ...greet, name: 'bad', code: 'export default 5' });
  await stage.fails(failing.result(), 'Nango.CompilationFailed');
  for (const name of ['greet', 'bad']) {
    await stage.inspect(deploymentId('default', { integration, kind: 'action', name }));
  }
}
