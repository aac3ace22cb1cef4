import type { NangoErrorType } from '../../contract/errors';
import type { FailureFacts } from './failure-facts';

/** Who runs it elsewhere asks with another key. */
const DOCTOR = '`temporal-nango doctor`, run where the key is set, says what it may do and what is set wrong.';

const HINTS: { [type in NangoErrorType]?: string } = {
  'Nango.TemporalUnavailable': 'Check TEMPORAL_ADDRESS, or start a Temporal of your own with `temporal-nango dev`.',
  'Nango.Unavailable': 'Check NANGO_SERVER_URL and the network.',
  'Nango.Forbidden': DOCTOR,
  'Nango.Misconfigured': DOCTOR,
  'Nango.ConnectionNotFound': 'List those that exist with `temporal-nango connections`.',
  'Nango.IntegrationNotFound':
    'List those that exist with `temporal-nango integrations`; `integrations add` sets one up.',
  'Nango.FunctionManagedElsewhere':
    'Change it where it is deployed from, or take another --name; `temporal-nango functions show` says what is there.',
  'Nango.DryRunFailed': 'What it printed, if anything, is above.',
  'Nango.ActionNotFound': 'List those that are deployed with `temporal-nango functions`.',
  'Nango.ConnectionAmbiguous': 'Name a slot with --slot, or tags with --choose, or delete the ones that are not meant.',
  'Nango.ConnectionDeclined': 'The next `temporal-nango ensure` asks again.',
  'Nango.ConnectionTimedOut': 'The next `temporal-nango ensure` asks again.',
  'Nango.OutcomeUnknown': 'Look at the provider whether it was carried out, before you send it again.',
  'Nango.ReconnectRequired': 'Ask for it with `temporal-nango ensure … --reconnect CONNECTION`.',
  'Nango.OwnerUnconfirmed': 'Its owner confirms it on the connect page, or an operator in the inbox.',
  'Nango.ScopesMissing': 'Ask its owner for them with `temporal-nango ensure … --scope SCOPE`.',
  'Nango.RefreshFailing': 'An outage of the provider and a revoked grant look alike at first: wait, or connect anew.',
};

/** What the provider's refusal usually means; its own words stand in Nango's logs only. */
const REFUSALS: { [status: number]: string | undefined } = {
  401: "It did not take the connection's credentials, or the grant lacks a scope.",
  403: 'The connected account may not do this, or the grant lacks a scope.',
  404: 'It has nothing at this path, or nothing that the connected account may see.',
  422: 'It understood the call, and something in it is not as it wants it.',
};
const ITS_WORDS = "The provider's own words are in Nango's logs.";

/**
 * What to do about a failure.
 *
 * @param said the failure has a hint of its own, to which only the way to more is added
 */
export function hintFor(
  type: NangoErrorType,
  { status = 0, field, callId }: FailureFacts,
  said: boolean,
): string | undefined {
  if (type === 'Nango.ProviderRejected') return [REFUSALS[status], ITS_WORDS].filter(Boolean).join(' ');
  if (type === 'Nango.OutcomeUnknown' && callId !== undefined)
    return 'Once Temporal is back, --resume says how it ended.';
  // A setting that is named needs no doctor.
  if (type === 'Nango.Misconfigured' && field !== undefined) return undefined;
  return said && HINTS[type] !== DOCTOR ? undefined : HINTS[type];
}
