import { ensureConnection } from '../../src/workflow';
import type { Connection, EnsureConnectionInput } from '../../src/workflow';

/** A user's workflow that needs a connection. */
export async function waits(wanted: EnsureConnectionInput): Promise<Connection> {
  return await ensureConnection(wanted);
}
