import { openStage, INTEGRATION } from './stage';

/** Memory of our worker's process with so many requests parked. */
export async function parked(counts: number[]): Promise<string> {
  const stage = await openStage({ userWorker: false });
  const lines: string[] = [];
  try {
    let made = 0;
    const warmUp = 100;
    let before = 0;
    let at = 0;
    for (const n of [warmUp, ...counts.map((c) => c + warmUp)]) {
      const rest = Array.from({ length: n - made }, (_, i) => made + i);
      const asker = async (): Promise<void> => {
        for (let i = rest.shift(); i !== undefined; i = rest.shift()) {
          await stage.connections.ensureConnection({ integration: INTEGRATION, endUser: { id: `p${i}` } });
        }
      };
      await Promise.all(Array.from({ length: 20 }, asker));
      made = n;
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      const mb = await stage.workerMemory();
      if (at > 0)
        lines.push(`${n - at} more parked: ${((mb - before) / (n - at)).toFixed(3)} MB each (RSS ${mb.toFixed(0)} MB)`);
      before = mb;
      at = n;
    }
    return lines.join('\n');
  } finally {
    await stage.close();
  }
}
