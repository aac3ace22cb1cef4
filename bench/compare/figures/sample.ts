import type { ParkedMemory } from '../../burst/parked';
import type { Size, SizeName } from '../sizes';
import type { HistoryFigures } from './histories';

/** One measure of an arm. What is absent was not, or cannot be, measured. */
export interface Sample {
  /** what it took, in milliseconds; of works that do one thing after the other, the median of one */
  ms: number;
  calls: number;
  /** of the calls */
  failed: number;
  /** that arrived at Nango, and of them those answered 429, and those for what had been answered before */
  requests?: number;
  refused?: number;
  repeated?: number;
  /** CPU seconds and peak memory of the arm's processes, of several the sum and the largest */
  cpuS?: number;
  peakMb?: number;
  history?: HistoryFigures;
}

/** Where it was measured. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGb: number;
  system: string;
  node: string;
  temporal: string;
  /** package to version */
  packages: { [name: string]: string };
}

/** All that was measured. */
export interface Results {
  sizeName: SizeName;
  size: Size;
  machine: Machine;
  /** samples of an arm, round by round, of each work that was run */
  works: { [work: string]: { [arm: string]: Sample[] } };
  parked?: ParkedMemory;
}
