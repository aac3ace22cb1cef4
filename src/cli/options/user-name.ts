import { userInfo } from 'node:os';

/** Who runs the command; a container may run as a user that has no name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody at the command line';
  }
}
