import { readFileSync, writeFileSync } from 'node:fs';

/** What a process has used: CPU since it was started, and the most memory since {@link beginUsage}. */
export interface Usage {
  cpuS: number;
  peakMb: number;
}

const MB = 1024 * 1024;

/** From here on the peak is measured, where the system can forget the earlier one. */
export function beginUsage(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Elsewhere than on Linux the peak is that of the whole life.
  }
}

export function usage(): Usage {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  return { cpuS: (userCPUTime + systemCPUTime) / 1e6, peakMb: peakBytes() / MB };
}

function peakBytes(): number {
  try {
    const [, kb] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    if (kb !== undefined) return Number(kb) * 1024;
  } catch {
    // No such file.
  }
  return process.resourceUsage().maxRSS * 1024;
}
