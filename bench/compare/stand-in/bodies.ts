const RECORD = { id: 'rec_0000000001', email: 'somebody@example.com', active: true, visits: 12_345, tags: ['a', 'b'] };
/** Of what is picked from a large answer. */
const SUMMARY_BYTES = 1_000;

const bodies = new Map<number, Buffer>();

/** A JSON answer of this many bytes, as APIs have them: a summary of at most 1 KB, and records. */
export function bodyOfBytes(bytes: number): Buffer {
  let body = bodies.get(bytes);
  if (body === undefined) bodies.set(bytes, (body = make(bytes)));
  return body;
}

function make(bytes: number): Buffer {
  const one = JSON.stringify(RECORD);
  const empty = JSON.stringify({ summary: '', records: [] }).length;
  const summary = 'x'.repeat(Math.max(Math.min(SUMMARY_BYTES, bytes) - empty, 0));
  const count = Math.max(Math.floor((bytes - empty - summary.length) / (one.length + 1)), 0);
  const text = JSON.stringify({ summary, records: Array.from({ length: count }, () => RECORD) });
  // Blanks are JSON too.
  return Buffer.from(text.padEnd(bytes));
}
