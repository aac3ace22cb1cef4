import type { Connection, Owner, Tags } from './connections';
import type { Json } from './json';
import type { Pagination } from './pages';

/** How old what is discovered may be. */
export interface DiscoveryOptions {
  /** read now; default false: as the worker has read it within the last minute, if it has */
  fresh?: boolean;
}

/** An integration of the environment. */
export interface DiscoveredIntegration {
  /** its key at Nango */
  integration: string;
  /** whose API it is, by Nango's name */
  provider: string;
  /** what people call it; 255 characters at most */
  displayName: string;
}

/** Which connections are wanted: those to which all of it applies. */
export interface ConnectionFilter extends Owner {
  /** key of the integration; default: all */
  integration?: string;
  /** tags that a connection has, ten at most; keys in any case, values exactly. Default: any */
  tags?: Tags;
}

/** Which connections are wanted, from where on, and how old they may be. */
export interface ConnectionsOptions extends ConnectionFilter, DiscoveryOptions {
  /** `next` of the page before; default: the newest connection */
  from?: number;
}

/** Some connections of a list, newest first. */
export interface ConnectionsPage {
  /** 256 KB as JSON at most */
  connections: Connection[];
  /** `from` of the page after it; the last page has none */
  next?: number;
}

/** Which functions are wanted, in what length, and how old they may be. */
export interface FunctionsOptions extends DiscoveryOptions {
  /** default true; `false` for what is deployed without its JSON schemas, which are long */
  schemas?: boolean;
}

/** A JSON schema as Nango keeps it, which may be none: nobody has checked it. */
export type JsonSchema = { [keyword: string]: Json };

/** A function that is deployed to an integration. */
export interface DeployedFunction {
  /** key of the integration */
  integration: string;
  /** an action is called, a sync runs by itself */
  kind: 'action' | 'sync';
  /** by which it is called; a sync and an action may have the same */
  name: string;
  /** in the words of who wrote it */
  description?: string;
  /** `false`: it is switched off, and a call fails as `Nango.ActionNotFound` */
  enabled: boolean;
  /** a JSON schema that refers to nothing outside itself; absent for a sync, and where Nango has none */
  input?: JsonSchema;
  /** of an action's output, or of a sync's records; absent where Nango has none, and where there are several */
  output?: JsonSchema;
}

/** What Nango knows of a provider, as far as it is of use to a workflow. */
export interface DiscoveredProvider {
  /** by Nango's name */
  provider: string;
  /** what people call it; 255 characters at most */
  displayName: string;
  /** how it authenticates, by Nango's name: `OAUTH2`, `API_KEY`, …; `UNKNOWN` where Nango does not say */
  authMode: string;
  /** Nango's page of documentation, which links the provider's own */
  docs?: string;
  /** scopes that its integrations request by themselves, where they are given none */
  defaultScopes: string[];
  /** what stands between scopes where the provider names several; default: a space */
  scopeSeparator?: string;
  /** below which endpoints of proxied calls are; may hold `${…}` that differs from connection to connection */
  baseUrl?: string;
  /** how it hands out lists, where that can be followed by `nango.paginate` */
  pagination?: Pagination;
}

/** Input of `nango.listConnections`. */
export interface ListConnectionsInput extends DiscoveryOptions {
  integration?: string;
  owner: Owner;
  tags?: Tags;
  from?: number;
}

/** Input of `nango.listFunctions`. */
export interface ListFunctionsInput extends FunctionsOptions {
  integration: string;
  /** default: both */
  kind?: DeployedFunction['kind'];
}

/** Input of `nango.describeProvider`. */
export interface DescribeProviderInput extends DiscoveryOptions {
  provider: string;
}
