import type { Provider, ProviderField } from './provider';
import { fail } from './responses';

/** What an integration is configured with, besides its developer's app. */

interface Config {
  [name: string]: string;
}

/**
 * Reads it, or ends the request. Where none is given none is missed; of what is given the provider's fields are kept.
 *
 * @param existing of an integration that is changed
 */
export function integrationConfig(
  { integrationConfig: fields }: Provider,
  given: Config = {},
  existing?: Config,
): Config {
  if (Object.keys(given).length === 0) return existing ?? {};
  if (fields === undefined) return refuse('This provider takes no configuration.');
  const entries = Object.entries(fields).flatMap(([name, field]) => {
    if (existing !== undefined && !(name in given)) return [];
    const value = given[name] || (existing === undefined ? field.default_value : undefined) || '';
    const fault = faultOf(field, value);
    if (fault !== undefined) refuse(`${field.title} ${fault}.`);
    return value === '' && existing === undefined ? [] : [[name, value] as const];
  });
  return { ...existing, ...Object.fromEntries(entries) };
}

/** Ends the request if a provider that has fields is given loose values beside them. */
export function checkCustom({ integrationConfig: fields }: Provider, custom: Config = {}): void {
  if (fields !== undefined && Object.keys(custom).length > 0) refuse('The values belong into integration_config.');
}

function faultOf({ optional, enum: values, pattern, format }: ProviderField, value: string): string | undefined {
  if (value === '') return optional ? undefined : 'is missing';
  if (values !== undefined && !values.includes(value)) return 'is not one of its values';
  if (pattern !== undefined && !new RegExp(pattern).test(value)) return 'has another form';
  if (format === 'uri' && !URL.canParse(value)) return 'is no URL';
  return undefined;
}

function refuse(message: string): never {
  return fail(400, { code: 'invalid_body', message });
}
