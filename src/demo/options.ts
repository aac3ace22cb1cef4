import { parseArgs } from 'node:util';
import { invalid } from '../contract/errors';
import { METHODS } from '../contract/methods';
import type { ProxyCall } from '../contract/types';
import { checkCall } from '../contract/rules/check-call';

/** The options as they were typed. */
export interface DemoWords {
  yes?: boolean;
  json?: boolean;
  temporal?: string;
  integration?: string;
  call: string[];
  count?: string;
}

export interface DemoOptions {
  /** complete the link without asking; also where there is no terminal */
  yes: boolean;
  /** end standard output with the report as one line of JSON */
  json: boolean;
  /** a Temporal server of the user's own; default: an embedded one */
  temporal?: string;
  /** an integration of the user's own Nango, and what to call there; default: a fake Nango */
  own?: { integration: string; calls: ProxyCall[] };
}

export const USAGE = `npm run demo -- [--yes] [--json] [--temporal HOST:PORT]
                [--integration KEY --call 'GET /path' [--call …] [--count N]]

Without options everything runs on this machine, with no account anywhere.
--integration uses your own Nango: set NANGO_TOOLBOX_SECRET_KEY (and NANGO_SERVER_URL).`;

/** Of the demo's own command line. @throws TypeError for an unknown option; Nango.InvalidRequest as {@link readOptions} */
export function parseOptions(argv: string[]): DemoOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      yes: { type: 'boolean' },
      json: { type: 'boolean' },
      temporal: { type: 'string' },
      integration: { type: 'string' },
      call: { type: 'string', multiple: true, default: [] },
      count: { type: 'string' },
    },
  });
  return readOptions(values);
}

/** @throws Nango.InvalidRequest naming the option */
export function readOptions({
  yes = false,
  json = false,
  temporal,
  integration,
  call,
  count = '1',
}: DemoWords): DemoOptions {
  if (integration === undefined) {
    if (call.length > 0) throw invalid('--call', 'needs --integration');
    return { yes, json, temporal };
  }
  if (call.length === 0) throw invalid('--integration', "needs at least one --call 'GET /path'");
  const times = Number(count);
  if (!Number.isInteger(times) || times < 1) throw invalid('--count', 'must be a whole number from 1 on');
  const calls = Array.from({ length: times }, () => call.map(parseCall)).flat();
  return { yes, json, temporal, own: { integration, calls } };
}

function parseCall(text: string): ProxyCall {
  const [method = '', endpoint = ''] = text.trim().split(/\s+/, 2);
  const known = METHODS.find((name) => name === method.toUpperCase());
  if (known === undefined) throw invalid('--call', `must begin with one of ${METHODS.join(', ')}`);
  const call = { method: known, endpoint };
  checkCall(call, '--call');
  return call;
}
