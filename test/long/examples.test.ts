import { freePort } from '../../src/dev/free-port';
import { readRoot } from '../containers/root';
import { press, visit } from '../support/page';
import { eventually } from '../support/eventually';
import { readCommands } from './examples/commands';
import { Terminals } from './examples/terminals';

// The commands of the READMEs of the examples, as they stand there, one after the other, as a reader would type them.

const SHOWN_WITHIN_MS = 180_000;

let terminals: Terminals;

beforeAll(async () => {
  terminals = await Terminals.open();
});

afterAll(async () => {
  await terminals.close();
});

/** Gives a name on the page that a link leads to, be it Nango's or ours. */
async function connect(link: string): Promise<void> {
  const page = await visit(link);
  const response = await press(page, /connect/i, { as: 'me' });
  const leads = response.headers.get('location');
  if (leads !== null) return await connect(leads);
  expect(response.status).toBe(200);
}

test('the commands of the examples do what stands beside them, from `npx temporal-nango dev` to Ctrl-C', async () => {
  const commands = readCommands();
  expect(commands[0]?.line).toBe('npx temporal-nango dev');
  // The one port that is fixed in what they say; it may be taken here.
  const port = await freePort();
  terminals.export({ PORT: String(port) });
  for (const { line: typed, runsOn, shows, printsLink } of commands) {
    const line = typed.replace('localhost:3000', `localhost:${port}`);
    if (runsOn) {
      const [, settings = ''] = /^ +export (.*)$/m.exec(await terminals.start(line)) ?? [];
      for (const [, name = '', value = ''] of settings.matchAll(/(\w+)=(\S+)/g)) terminals.export({ [name]: value });
    } else if (printsLink) {
      const written = await terminals.run(line);
      await connect(/http:\/\/[^\s']*connect[^\s']*/.exec(written)?.[0] ?? written);
    } else {
      // What happens in the background takes a moment.
      await eventually(async () => {
        const written = await terminals.run(line);
        if (!written.includes(shows ?? '')) throw new Error(`${line} does not show ${shows}, but ${written}`);
        return true;
      }, SHOWN_WITHIN_MS);
    }
  }
  // The run of the schedule that had waited, in the words of its README.
  const [, counted = ''] = /_(Contacts counted)_/.exec(readRoot('examples/hourly-schedule/README.md')) ?? [];
  expect(terminals.written()).toMatch(new RegExp(`${counted} \\{[^}]*contacts: 3`));
  await terminals.close();
});
