import { usage } from '../terminal/failure';

const MAX_PORT = 65_535;

/** An option such as `127.0.0.1:8787` or `[::1]:8787`; the port 0 is any that is free. @throws CliFailure (usage) */
export function hostPort(option: string, text: string): { host: string; port: number } {
  const [, v6, name, digits] = /^(?:\[([\da-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(text) ?? [];
  const host = v6 ?? name;
  const port = Number(digits);
  if (host !== undefined && port <= MAX_PORT) return { host, port };
  throw usage(`${option} must be a host and a port.`, `Write ${option} 127.0.0.1:8787.`);
}
