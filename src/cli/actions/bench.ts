// What "verisim bench" does.
import { runBench } from '../../../bench/bench.js';
import type { BenchArguments } from '../bench.js';

export async function bench(options: BenchArguments): Promise<void> {
  await runBench(options);
}
