import { Command, InvalidArgumentError, Option } from 'commander';
import { resolveConfig } from '../../src/config';
import type { SizeName } from './sizes';
import type { RealNango } from './stage';
import { WORK_NAMES } from './works';

export interface BenchOptions {
  json: boolean;
  write: boolean;
  sizeName: SizeName;
  /** in place of that of the size */
  rounds?: number;
  /** works to be run */
  only: readonly string[];
  errorShare: number;
  real?: RealNango;
}

interface Parsed {
  json?: true;
  quick?: true;
  smoke?: true;
  write?: true;
  rounds?: number;
  only?: string[];
  errors: number;
  nango?: string;
  integration?: string;
  connection?: string;
  call?: string;
}

/** Reads the arguments; ends the process with what is wrong with them. */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv): BenchOptions {
  const program = new Command('npm run bench --')
    .description(
      'Measures this package beside others, in turn: https://undici.nodejs.org, @nangohq/node, a workflow by hand.',
    )
    .option('--json', 'make the last line of standard output JSON')
    .addOption(new Option('--quick', 'less of everything: under 3 minutes').conflicts('smoke'))
    .option('--smoke', 'next to nothing of everything: proves that it runs')
    .option('--rounds <number>', 'rounds of each work', wholeNumber)
    .addOption(new Option('--only <work...>', 'these works only').choices(WORK_NAMES))
    .option('--errors <share>', 'share of proxied reads and writes that the stand-in answers with 503', share, 0)
    .option('--write', 'write the figures into docs/performance.md')
    .option('--nango <url>', 'make the reads on this server, with the key of the environment')
    .option('--integration <key>', 'with --nango')
    .option('--connection <id>', 'with --nango')
    .option('--call <endpoint>', 'with --nango: what is read, such as /v1/me');
  const parsed = program.parse(argv, { from: 'user' }).opts<Parsed>();
  const real = parsed.nango === undefined ? undefined : realNango(parsed, env, (text) => program.error(text));
  return {
    json: parsed.json ?? false,
    write: parsed.write ?? false,
    sizeName: parsed.smoke ? 'smoke' : parsed.quick ? 'quick' : 'full',
    rounds: parsed.rounds,
    only: real === undefined ? (parsed.only ?? WORK_NAMES) : ['reads'],
    errorShare: parsed.errors,
    real,
  };
}

function realNango(
  { nango: url = '', integration, connection, call, write }: Parsed,
  env: NodeJS.ProcessEnv,
  fail: (text: string) => never,
): RealNango {
  if (integration === undefined || connection === undefined || call === undefined) {
    return fail('error: --nango needs --integration, --connection and --call');
  }
  if (!call.startsWith('/')) return fail('error: --call begins with /');
  if (write) return fail('error: --write is for figures of the stand-in');
  const { secretKey } = resolveConfig({ env });
  if (secretKey === undefined) return fail('error: NANGO_TOOLBOX_SECRET_KEY is not set');
  return { url, secretKey, connection: { integration, connectionId: connection }, endpoint: call };
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Must be a whole number above 0.');
}

function share(text: string): number {
  const value = Number(text);
  if (value >= 0 && value < 1) return value;
  throw new InvalidArgumentError('Must be a share from 0 to below 1.');
}
