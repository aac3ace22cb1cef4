import { MODES } from './modes/table';
import type { ProviderField, ProviderFields } from './provider';
import type { ConnectSession, Integration } from './state';

/** What a connect page asks a person for. */
export interface PageFields {
  credentials: ProviderFields;
  /** for the connection's configuration */
  config: ProviderFields;
}

/** Without what Nango finds out, what the integration is configured with, and what the session settles. */
export function pageFields({ key, provider, config }: Integration, session?: ConnectSession): PageFields {
  const mode = MODES[provider.authMode];
  const settled = session?.configDefaults?.[key]?.connection_config ?? {};
  return {
    credentials: open({ ...mode.fields, ...provider.credentialFields }, config),
    config: open({ ...mode.configFields, ...provider.connectionConfig }, { ...config, ...settled }),
  };
}

function open(fields: ProviderFields, known: { [name: string]: unknown }): ProviderFields {
  return Object.fromEntries(Object.entries(fields).filter(([name, { automated }]) => !automated && !known[name]));
}

/** Values for fields: those that were typed, and made-up ones where something has to be. */
export function filled(
  fields: ProviderFields,
  typed: { [field: string]: string },
  madeUp: (name: string, field: ProviderField) => string,
): { [field: string]: string } {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => {
      const value = typed[name] ?? (field.optional ? '' : madeUp(name, field));
      return value === '' && field.optional ? [] : [[name, value]];
    }),
  );
}
