import type { ActionHandler } from './actions';
import type { State } from './state';

/** An action or a sync that was deployed to an integration. */
interface DeployedFunction {
  id: number;
  integration: string;
  name: string;
  /** of an action; a sync has none, since this fake runs none */
  handler?: ActionHandler;
  deployedAt: number;
}

/** What is deployed, in the order in which it was. */
export class DeployedFunctions {
  private readonly functions = new Map<string, DeployedFunction>();
  private lastId = 0;

  constructor(private readonly state: State) {}

  /** Deploys one, over the one of that name. @param handler makes it an action */
  deploy(integration: string, name: string, handler?: ActionHandler): void {
    const key = keyOf(handler === undefined ? 'sync' : 'action', integration, name);
    const id = this.functions.get(key)?.id ?? ++this.lastId;
    this.functions.set(key, { id, integration, name, handler, deployedAt: this.state.clock() });
  }

  actionHandler(integration: string, action: string): ActionHandler | undefined {
    return this.functions.get(keyOf('action', integration, action))?.handler;
  }

  /** As Nango lists them: one entry for each integration that has any. */
  view(): object[] {
    const all = [...this.functions.values()];
    return [...this.state.integrations.values()]
      .map(({ key, provider }) => ({ key, provider, its: all.filter(({ integration }) => integration === key) }))
      .filter(({ its }) => its.length > 0)
      .map(({ key, provider, its }) => ({
        actions: its.filter(({ handler }) => handler !== undefined).map(actionView),
        providerConfigKey: key,
        provider: provider.name,
        syncs: its.filter(({ handler }) => handler === undefined).map(syncView),
        'on-events': [],
      }));
  }
}

function keyOf(type: 'action' | 'sync', integration: string, name: string): string {
  return [type, integration, name].join('\n');
}

/** It takes and returns anything. */
function actionView(action: DeployedFunction): object {
  const model = `${action.integration.replace(/\W/g, '_')}_${action.name.replace(/\W/g, '')}`;
  const [input, output] = [`ActionInput_${model}`, `ActionOutput_${model}`];
  return { ...functionView(action, 'action', [input, output]), returns: [output], input };
}

function syncView(sync: DeployedFunction): object {
  return {
    ...functionView(sync, 'sync', ['Item']),
    returns: ['Item'],
    ...{ sync_type: 'full', auto_start: true, runs: 'every hour', track_deletes: false },
  };
}

function functionView({ id, name, deployedAt }: DeployedFunction, type: string, models: string[]): object {
  return {
    id,
    name,
    type,
    description: `The ${type} ${name}`,
    attributes: {},
    scopes: [],
    version: '1.0.0',
    source: 'standalone',
    endpoints: [],
    enabled: true,
    last_deployed: new Date(deployedAt).toISOString(),
    webhookSubscriptions: [],
    json_schema: { definitions: Object.fromEntries(models.map((model) => [model, {}])) },
    sdk_version: '0.71.4-zero',
    models: models.map((model) => ({ name: model, fields: [] })),
    features: [],
  };
}
