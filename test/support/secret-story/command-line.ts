import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Program } from '../../cli/program';
import { C1, get, INTEGRATION, post } from './setting';
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

const BULK_CALLS = [get('/fine'), get('/status/404'), post('/status/500'), { action: 'crashes' }];

/** Every command, in words and as JSON, on both streams; and one that was given a secret as an argument. */
export async function commandLine(stage: Stage, settings: { [name: string]: string }): Promise<void> {
  const program = new Program(settings);
  for (const [exitCode, ...args] of COMMANDS) {
    for (const how of [[], ['--json']]) await runs(stage, program, [...args, ...how], exitCode);
  }
  await runs(stage, program, ['requests', 'decline', `${INTEGRATION}/u:at-the-terminal`, '--by', 'olive'], 0);
  await runs(stage, program, ['integrations', stage.world.nango.secretKey], 2);
  await bulkFiles(stage, program);
  await program.close();
}

async function runs({ ledger }: Stage, program: Program, args: string[], expected: number): Promise<void> {
  const { code, stdout, stderr } = await program.run(args);
  ledger.given.push(stdout, stderr);
  if (code !== expected) throw new Error(`${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
}

/** A bulk run between files, which are kept: what its worker, its histories and its files show. */
async function bulkFiles(stage: Stage, program: Program): Promise<void> {
  const { ledger, world } = stage;
  const lines = BULK_CALLS.map((call) => JSON.stringify(call));
  writeFileSync(join(program.folder, 'calls.jsonl'), [...lines, 'no call'].join('\n'));
  const files = ['--from', 'calls.jsonl', '--out', 'results.jsonl'];
  await runs(stage, program, ['bulk', '--integration', INTEGRATION, ...C, ...files], 1);
  for (const name of readdirSync(program.folder)) {
    if (name.startsWith('results.jsonl')) ledger.given.push(readFileSync(join(program.folder, name), 'utf8'));
  }
  ledger.given.push(await world.connections.bulkRuns());
}
