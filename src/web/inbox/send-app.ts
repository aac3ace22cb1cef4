import { requireSecretKey } from '../../config';
import type { NangoConfig } from '../../config';
import { nangoFailure } from '../../contract/errors';
import { checkAppValues } from '../../contract/rules/check-set-up';
import type { AppField, SetUpView } from '../../contract/types';
import { createIntegration } from '../../nango/create-integration';
import { withApi } from '../../nango/http/with-api';
import type { Form } from '../read-form';

const DEADLINE_MS = 20_000;

/**
 * Makes the integration of a set-up with what an operator has typed: it goes from this process to Nango, and nowhere else.
 *
 * @param view of the set-up, as it is now; of the query, since a memo has no room for all scopes
 * @throws Nango.InvalidRequest with the reason `no_open_question` where nobody is asked for it, or the field that is missing
 *   or that Nango refuses; Nango.Misconfigured without a key, Nango.Forbidden, Nango.Unavailable
 */
export async function sendApp(view: SetUpView, form: Form, config: NangoConfig): Promise<void> {
  const { question, integration, provider } = view;
  if (question?.choices.includes('own') !== true) {
    throw nangoFailure('Nango.InvalidRequest', { reason: 'no_open_question' });
  }
  const { fields, authMode, scopes, scopesNamed } = question;
  const values = valuesOf(form, fields);
  checkAppValues(values, fields);
  const subject = { integration, provider };
  const app = { authMode, values, scopes: scopesNamed ? scopes : undefined };
  const { baseUrl, secretKeyName: keyName } = config;
  const own = { baseUrl, secretKey: requireSecretKey(config), keyName };
  await withApi(own, (api) => createIntegration(api, subject, app, { deadlineMs: DEADLINE_MS }));
}

/** Lines of a key that a browser has sent end as Nango wants them. */
function valuesOf(form: Form, fields: readonly AppField[]): { [field in AppField]?: string } {
  return Object.fromEntries(fields.map((field) => [field, (form[field] ?? '').replaceAll('\r\n', '\n').trim()]));
}
