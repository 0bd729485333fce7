// Whole commands and sampling: what a user waits for besides training.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromArrays } from '../src/data/index.js';
import { dcgan } from '../src/models/adversarial/dcgan.js';
import { random } from '../src/runtime/random.js';
import type { BenchResult, StartupResult } from './results.js';
import { median } from './statistics.js';

const mainFile = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));

/** Images per second of a DCGAN, in batches of 1024. */
export async function samplingRate(threads: number): Promise<BenchResult['sampling'][number]> {
  const count = 1024;
  const model = dcgan();
  const rows = fromArrays({ x: random(0).uniform(64 * 784), shape: [28, 28, 1], name: 'noise' });
  await model.fit(rows, { steps: 1, threads });
  await model.sample(count, { seed: 0 });
  const rates: number[] = [];
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    await model.sample(count, { seed: round });
    rates.push(count / ((performance.now() - start) / 1000));
  }
  await model.dispose();
  return { name: 'dcgan 28x28x1', imagesPerSecond: median(rates) };
}

/** Help, and a short training, of which the first step and the memory are noted. */
export async function startup(threads: number): Promise<StartupResult> {
  const helpTimes: number[] = [];
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    await command(['--help']);
    helpTimes.push(performance.now() - start);
  }
  const folder = await mkdtemp(join(tmpdir(), 'verisim-bench-'));
  try {
    const firstSteps: number[] = [];
    let megabytes = 0;
    for (let round = 0; round < 3; round++) {
      const start = performance.now();
      let first: number | undefined;
      const out = join(folder, `run${round}`);
      await command(
        ['train', 'dcgan', '--data', 'mnist', '--steps', '200', '--threads', String(threads), '--out', out],
        {
          onError: (text) => {
            if (first === undefined && text.includes('step 1/')) first = performance.now() - start;
          },
          onMemory: (peak) => {
            megabytes = Math.max(megabytes, peak);
          },
        },
      );
      if (first !== undefined) firstSteps.push(first);
    }
    return { helpMs: median(helpTimes), firstStepMs: median(firstSteps), trainingMegabytes: megabytes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface CommandListener {
  onError?(text: string): void;
  onMemory?(megabytes: number): void;
}

async function command(words: readonly string[], { onError, onMemory }: CommandListener = {}): Promise<void> {
  const preload = new URL('print-peak-memory.js', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', preload, mainFile, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    onError?.(text);
    const memory = /peakMB=([\d.]+)/.exec(text);
    if (memory !== null) onMemory?.(Number(memory[1]));
  });
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => resolve());
  });
}
