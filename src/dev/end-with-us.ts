import { spawn } from 'node:child_process';

const WATCH = `
  const [pid, withinMs] = process.argv.slice(1).map(Number);
  const signal = (name) => { try { process.kill(pid, name); } catch { process.exit(); } };
  const end = () => {
    const deadline = Date.now() + withinMs;
    signal('SIGTERM');
    setInterval(() => signal(Date.now() < deadline ? 0 : 'SIGKILL'), 100);
  };
  process.stdin.once('end', end).once('error', end).resume();
`;

/**
 * Ends the process `pid` when this process ends, however it ends. A handler of `exit` would not do: it does not run when
 * a signal ends us. So a small watcher holds the other end of a pipe, and sees it close.
 *
 * @param withinMs how long the process has from SIGTERM until it is killed, in milliseconds
 * @returns calls the watcher off; call it once `pid` has exited, since its number may then be given to another process
 */
export function endWithUs(pid: number, withinMs: number): () => void {
  const watcher = spawn(process.execPath, ['-e', WATCH, String(pid), String(withinMs)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // In a group of its own, so that Ctrl-C, which goes to our whole group, leaves it alive to do its work.
    detached: true,
    windowsHide: true,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  watcher.unref();
  return () => void watcher.kill('SIGKILL');
}
