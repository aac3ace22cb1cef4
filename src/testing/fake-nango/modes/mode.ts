import type { z } from 'zod';
import type { AuthMode, ProviderFields } from '../provider';
import type { Integration } from '../state';
import type { CredentialsOf } from './credentials';

/** What an auth mode comes to. */

/** What a person does on a connect page: types something, goes to the provider, installs something there, or just agrees. */
type Way = 'form' | 'popup' | 'install' | 'click';

/** What is known when credentials are made. */
export interface Origin {
  /** whose account it is */
  as: string;
  /** what was typed, by field */
  typed: { [field: string]: unknown };
  /** a token endpoint's response, of modes that get their credentials from one */
  token: { [name: string]: unknown };
  /** what is connected */
  integration: Integration;
  /** milliseconds since the epoch */
  now: number;
}

/** Of modes in which a provider knows a developer's app. */
interface DeveloperAppRule {
  /** `POST /integrations` insists on its credentials */
  isRequired?: true;
  /** Nango may lend one of its own */
  mayBeLent?: true;
  /** names of its credentials */
  fields: string[];
}

/** Of pages that send what was typed: where to, and its form. */
interface TypedRoute {
  path: string;
  form: z.ZodType;
}

/** A row of the table. */
export interface Mode<M extends AuthMode = AuthMode> {
  /** absent: the provider knows no developer's app, and `POST /integrations` takes none */
  app?: DeveloperAppRule;
  /** without which an integration is made, and cannot be connected */
  needs?: 'client' | 'config';
  way: Way;
  /** what a connect page asks for in any case */
  fields?: ProviderFields;
  /** what it asks for beside credentials, where the provider does not say so itself */
  configFields?: ProviderFields;
  /** absent: no page types such credentials */
  route?: TypedRoute;
  credentials: (origin: Origin) => CredentialsOf<M>;
  /** what else the connection then holds, in its configuration */
  config?: (credentials: CredentialsOf<M>, origin: Origin) => { [name: string]: unknown };
}

interface TypedRow<M extends AuthMode, T> extends Pick<Mode<M>, 'app' | 'needs' | 'fields' | 'config'> {
  path: string;
  form: z.ZodType<T>;
  credentials: (typed: T, origin: Origin) => CredentialsOf<M>;
}

/** A row whose credentials a person types. */
export function typedMode<M extends AuthMode, T>(row: TypedRow<M, T>): Mode<M> {
  const { path, form, credentials, ...rest } = row;
  return {
    ...rest,
    way: 'form',
    route: { path, form },
    credentials: (origin) => credentials(form.parse(origin.typed), origin),
  };
}
