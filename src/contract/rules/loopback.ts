const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/;

/** Whether what is sent to a host stays on this machine. @param host as an option or a URL has it */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}
