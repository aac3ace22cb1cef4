import { Program } from '../../cli/program';
import { C1, INTEGRATION } from './setting';
import type { Stage } from './stage';

const C = ['--connection', C1.connectionId];

/** What the command line is asked for, and how it ends. */
const COMMANDS: [exitCode: number, ...args: string[]][] = [
  [1, 'doctor'],
  [0, 'integrations'],
  [0, 'connections'],
  [0, 'functions'],
  [0, 'requests', 'list'],
  [0, 'ensure', INTEGRATION, '--end-user', 'at-the-terminal'],
  [0, 'requests', 'show', `${INTEGRATION}/u:at-the-terminal`],
  [0, 'proxy', INTEGRATION, 'GET', '/fine', ...C],
  [1, 'proxy', INTEGRATION, 'GET', '/status/404', ...C],
];

/** Every command, in words and as JSON, on both streams; and one that was given a secret as an argument. */
export async function commandLine(stage: Stage, settings: { [name: string]: string }): Promise<void> {
  const program = new Program(settings);
  for (const [exitCode, ...args] of COMMANDS) {
    for (const how of [[], ['--json']]) await runs(stage, program, [...args, ...how], exitCode);
  }
  await runs(stage, program, ['requests', 'decline', `${INTEGRATION}/u:at-the-terminal`, '--by', 'olive'], 0);
  await runs(stage, program, ['integrations', stage.world.nango.secretKey], 2);
  await program.close();
}

async function runs({ ledger }: Stage, program: Program, args: string[], expected: number): Promise<void> {
  const { code, stdout, stderr } = await program.run(args);
  ledger.given.push(stdout, stderr);
  if (code !== expected) throw new Error(`${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
}
