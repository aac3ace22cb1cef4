import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { shellCommand } from '../../dev/shell-command';

/** What the offer needs of the terminal and of the machine. */
export interface ProfileOffer {
  /** asks for a yes */
  confirm: (question: string) => Promise<boolean>;
  /** reads a line without showing it */
  readSecret: (prompt: string) => Promise<string>;
  say: (text: string) => void;
  env: NodeJS.ProcessEnv;
  /** the home folder */
  home: string;
}

const NAME = 'NANGO_TOOLBOX_SECRET_KEY';

/**
 * Offers to add the line that sets the key to the profile of the person's shell. Nothing is written without a yes, and
 * the key is never shown.
 *
 * @returns whether it was added
 */
export async function offerProfileLine({ confirm, readSecret, say, env, home }: ProfileOffer): Promise<boolean> {
  const { file, line } = profileOf(env);
  if (!(await confirm(`Shall the key be added to ~/${file}?`))) return false;
  const key = (await readSecret('Paste the secret key (it is not shown): ')).trim();
  if (!/^[!-~]+$/.test(key) || key.startsWith('nango_connect_session_')) {
    say('That is no secret key. Nothing was changed.');
    return false;
  }
  const path = join(home, file);
  await mkdir(dirname(path), { recursive: true });
  // A profile that does not exist yet will be read by its owner alone.
  await appendFile(path, `\n${line(key)}\n`, { mode: 0o600 });
  say(`Added to ~/${file}. Open a new terminal, and run \`temporal-nango doctor\` again.`);
  return true;
}

interface Profile {
  /** below the home folder */
  file: string;
  line: (key: string) => string;
}

function profileOf({ SHELL = '' }: NodeJS.ProcessEnv): Profile {
  const shell = SHELL.split('/').at(-1);
  if (shell === 'fish') {
    return { file: '.config/fish/config.fish', line: (key) => shellCommand('set', ['-gx', NAME, key]) };
  }
  const file = shell === 'zsh' ? '.zshrc' : shell === 'bash' ? '.bashrc' : '.profile';
  return { file, line: (key) => `export ${NAME}=${shellCommand(key, [])}` };
}
