import type { DeployedFunction } from './deployed-functions';
import type { State } from './state';

/** Deployed functions as the routes of Nango show them, which is not twice the same. */

/** All of an environment: one entry for each provider, which has the key of the first of its integrations. */
export function scriptsView(functions: DeployedFunction[], state: State): object[] {
  const providerOf = ({ integration }: DeployedFunction) => state.integrations.get(integration)?.provider.name ?? '';
  const providers = [...new Set(functions.map(providerOf))];
  const groups = providers.map((provider) => ({
    provider,
    its: functions.filter((one) => providerOf(one) === provider),
  }));
  return groups.map(({ provider, its }) => ({
    actions: its.filter(({ kind }) => kind === 'action').map(scriptView),
    providerConfigKey: its[0]?.integration,
    provider,
    syncs: its.filter(({ kind }) => kind === 'sync').map(scriptView),
    'on-events': [],
  }));
}

/** One in the list of an integration. */
export function listedView(one: DeployedFunction): object {
  const { json_schema, returns, input, name, description, id, enabled, last_deployed, source } = fieldsOf(one);
  return {
    ...{
      name,
      description,
      scopes: [],
      type: one.kind,
      input,
      returns,
      json_schema,
      id,
      enabled,
      last_deployed,
      source,
    },
  };
}

/** One as a tool for a language model. */
export function toolView(one: DeployedFunction): object {
  return { name: one.name, description: descriptionOf(one), parameters: parametersOf(one) };
}

/** What a tool takes. */
export function parametersOf({ input = {} }: DeployedFunction): object {
  const { type = 'object', properties = {}, required = [] } = input as { [keyword: string]: unknown };
  return { type, properties, required };
}

/** For people. */
export function descriptionOf({ description, kind, name }: DeployedFunction): string {
  return description ?? `The ${kind} ${name}`;
}

function scriptView(one: DeployedFunction): object {
  return {
    ...fieldsOf(one),
    type: one.kind,
    ...{ version: one.version, attributes: {}, scopes: [], endpoints: [], webhookSubscriptions: [], features: [] },
    sdk_version: '0.71.4-zero',
    models: Object.keys(definitionsOf(one)).map((model) => ({ name: model, fields: [] })),
    ...(one.kind === 'sync' && { sync_type: 'full', auto_start: true, runs: 'every hour', track_deletes: false }),
  };
}

function fieldsOf(one: DeployedFunction) {
  const { id, name, kind, source = 'standalone', deployedAt } = one;
  const [input, output] = modelsOf(one);
  return {
    ...{ id, name, description: descriptionOf(one), enabled: true, source },
    last_deployed: new Date(deployedAt).toISOString(),
    ...(kind === 'action' && { input }),
    returns: kind === 'action' ? [output] : ['Item'],
    json_schema: { definitions: definitionsOf(one) },
  };
}

function definitionsOf(one: DeployedFunction): { [model: string]: object } {
  if (one.kind === 'sync') return { Item: {} };
  const [input, output] = modelsOf(one);
  return { [input]: one.input ?? {}, [output]: one.output ?? {}, ...one.definitions };
}

function modelsOf({ integration, name }: DeployedFunction): [input: string, output: string] {
  const model = `${integration.replace(/\W/g, '_')}_${name.replace(/\W/g, '')}`;
  return [`ActionInput_${model}`, `ActionOutput_${model}`];
}
