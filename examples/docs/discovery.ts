import { badResponse, nango } from 'temporal-nango/workflow';

/** What can be done through an integration, and how many of its connections work. */
export async function survey(integration: string) {
  const found = (await nango.integrations()).find((one) => one.integration === integration);
  if (found === undefined) throw badResponse(`There is no integration ${integration}.`);

  const { docs, authMode } = await nango.provider(found.provider);
  const deployed = await nango.functions(integration, { schemas: false });
  const actions = deployed.filter(({ kind, enabled }) => kind === 'action' && enabled);

  let working = 0;
  for await (const { connections } of nango.connections({ integration, fresh: true })) {
    working += connections.filter(({ health }) => health === 'ok').length;
  }
  return { docs, authMode, actions: actions.map(({ name }) => name), working };
}
