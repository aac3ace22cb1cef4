import type { ActionHandler } from './actions';
import type { FakeFunction } from './options';
import type { State } from './state';

/** An action or a sync that was deployed to an integration. */
export interface DeployedFunction extends FakeFunction {
  id: number;
  kind: 'action' | 'sync';
  integration: string;
  name: string;
  /** of an action; a sync has none, since this fake runs none */
  handler?: ActionHandler;
  version: string;
  code: string;
  deployedAt: number;
}

/** What is deployed. */
export class DeployedFunctions {
  private readonly functions = new Map<string, DeployedFunction>();
  private lastId = 0;

  constructor(private readonly state: State) {}

  /** Deploys one, over the one of that name. @param handler makes it an action */
  deploy(integration: string, name: string, handler?: ActionHandler, given: FakeFunction = {}): DeployedFunction {
    const kind = handler === undefined ? 'sync' : 'action';
    const before = this.find(integration, name, kind);
    const deployed: DeployedFunction = {
      ...given,
      ...{ id: before?.id ?? ++this.lastId, kind, integration, name, handler },
      version: given.version ?? (before === undefined ? '1.0.0' : next(before.version)),
      code: given.code ?? `// ${name}`,
      deployedAt: this.state.clock(),
    };
    this.functions.set(keyOf(kind, integration, name), deployed);
    return deployed;
  }

  find(integration: string, name: string, kind: DeployedFunction['kind']): DeployedFunction | undefined {
    return this.functions.get(keyOf(kind, integration, name));
  }

  /** Those of an integration, by name. */
  of(integration: string): DeployedFunction[] {
    return this.all().filter((one) => one.integration === integration);
  }

  /** Those of all integrations that are there, by name. */
  all(): DeployedFunction[] {
    return [...this.functions.values()]
      .filter(({ integration }) => this.state.integrations.has(integration))
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id - b.id));
  }

  remove({ kind, integration, name }: DeployedFunction): void {
    this.functions.delete(keyOf(kind, integration, name));
  }

  /** What was deployed to an integration stays with it under its new key. */
  move(from: string, to: string): void {
    for (const one of this.of(from)) {
      this.remove(one);
      this.functions.set(keyOf(one.kind, to, one.name), { ...one, integration: to });
    }
  }

  /** With an integration goes what was deployed to it. */
  removeAll(integration: string): void {
    for (const one of this.of(integration)) this.remove(one);
  }
}

function keyOf(kind: DeployedFunction['kind'], integration: string, name: string): string {
  return [kind, integration, name].join('\n');
}

/** `1.0.1` after `1.0.0`. */
function next(version: string): string {
  return version.replace(/\d+$/, (patch) => String(Number(patch) + 1));
}
