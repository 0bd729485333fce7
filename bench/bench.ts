// verisim bench: peak rate, training steps and their share of it, sampling, start-up and memory, in one table. With peers the same
// steps run in other libraries, alternating with ours round by round, and ratios are medians of ratios within a round.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unknownName } from '../src/core/nearest.js';
import { fromArrays } from '../src/data/index.js';
import { dcgan } from '../src/models/adversarial/dcgan.js';
import { physicalCores } from '../src/runtime/node/cores.js';
import { openRuntime } from '../src/runtime/node/open.js';
import { profile } from '../src/runtime/node/profile.js';
import { random } from '../src/runtime/random.js';
import { modelFlops } from '../src/tensor/explain.js';
import { lowerStep } from '../src/tensor/program.js';
import type { TrainingProgram } from '../src/training/program.js';
import { type Measured, matrixProduct, median, singleStepFeeds, trainingStep } from './measure.js';
import { type MissingPeer, type Peer, startPeers } from './peers/peer.js';
import { benchText, profileText } from './report.js';
import { peakSizes, type StepTask, stepTasks } from './tasks.js';

/** What to measure. */
export interface BenchOptions {
  readonly peers?: boolean;
  readonly threads?: number;
  readonly rounds: number;
  readonly only?: string;
  readonly profile?: boolean;
  readonly json?: boolean;
}

/** One training step's figures. */
export interface StepResult {
  readonly name: string;
  readonly description: string;
  readonly milliseconds: number;
  readonly gigaflop: number;
  /** Of the peak rate of matrix products, measured in the same rounds. */
  readonly shareOfPeak: number;
  readonly compileMs: number;
  /** What compiling and running the step added to the process's resident memory. */
  readonly megabytes: number;
  readonly peers: readonly PeerResult[];
}

/** A peer on the same step. */
export interface PeerResult {
  readonly name: string;
  readonly version: string;
  readonly milliseconds?: number;
  /** The peer's time over ours: above 1 we are faster. */
  readonly ratio?: number;
  readonly error?: string;
  readonly remarks: readonly string[];
}

/** Everything measured. */
export interface BenchResult {
  readonly machine: string;
  readonly node: string;
  readonly threads: number;
  readonly rounds: number;
  /** GFLOP/s by the side of the square matrices. */
  readonly matrixProducts: Readonly<Record<string, number>>;
  /** The best of them, GFLOP/s. */
  readonly peak: number;
  readonly steps: readonly StepResult[];
  readonly missingPeers: readonly MissingPeer[];
  readonly sampling: readonly { readonly name: string; readonly imagesPerSecond: number }[];
  /** Left out where single tasks were asked for. */
  readonly startup?: { readonly helpMs: number; readonly firstStepMs: number; readonly trainingMegabytes: number };
}

const mainFile = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));

export async function runBench(options: BenchOptions): Promise<void> {
  const result = await measure(options);
  process.stdout.write(options.json === true ? `${JSON.stringify(result)}\n` : benchText(result));
  if (options.profile === true && options.json !== true) await profileSteps(options);
}

/** Where the time of each training step goes, by kind of operator and for the slowest operators. */
async function profileSteps({ only = '', threads = physicalCores() }: BenchOptions): Promise<void> {
  for (const task of stepTasks.filter(({ name }) => name.includes(only))) {
    const program = task.program();
    const rows = await profile(lowerStep(program.step), singleStepFeeds(program), { threads });
    process.stdout.write(profileText(task.name, rows));
  }
}

async function measure({
  peers: wantsPeers = false,
  threads = physicalCores(),
  rounds,
  only = '',
}: BenchOptions): Promise<BenchResult> {
  const tell = (text: string): void => {
    process.stderr.write(`${text}\n`);
  };
  const tasks = stepTasks.filter(({ name }) => name.includes(only));
  if (tasks.length === 0)
    throw unknownName(
      'task',
      only,
      stepTasks.map(({ name }) => name),
    );
  const runtime = await openRuntime({ threads });
  const products: Measured[] = [];
  for (const size of peakSizes) products.push(await matrixProduct(runtime, size));
  const { peers, missing } = wantsPeers ? await startPeers({ threads }) : { peers: [], missing: [] };
  const steps: StepResult[] = [];
  const productTimes = new Map<string, number[]>();
  for (const task of tasks) {
    tell(`${task.name}: compiling`);
    const before = residentMegabytes();
    const program = task.program();
    const ours = await trainingStep(task.name, runtime, program);
    const prepared = await preparePeers(peers, task, tell);
    const times = new Map<string, number[]>();
    const record = (name: string, milliseconds: number, into: Map<string, number[]> = times): void => {
      into.set(name, [...(into.get(name) ?? []), milliseconds]);
    };
    await ours.time();
    const megabytes = residentMegabytes() - before;
    const rates: number[] = [];
    for (let round = 0; round < rounds; round++) {
      record('ours', await ours.time());
      let best = 0;
      for (const [index, product] of products.entries()) {
        const milliseconds = await product.time();
        record(product.name, milliseconds, productTimes);
        best = Math.max(best, gigaflops(peakSizes[index] ?? 1, milliseconds));
      }
      rates.push(best);
      for (const { peer } of prepared.ready) record(peer.name, median(await peer.time(task.name, { repetitions: 5 })));
      tell(`${task.name}: round ${round + 1} of ${rounds}, ${(times.get('ours')?.at(-1) ?? 0).toFixed(1)} ms`);
    }
    const own = times.get('ours') ?? [];
    const gigaflop = flopsOf(program) / 1e9;
    steps.push({
      name: task.name,
      description: task.description,
      milliseconds: median(own),
      gigaflop,
      shareOfPeak: median(own.map((ms, round) => gigaflop / (ms / 1000) / (rates[round] ?? 1))),
      compileMs: ours.compileMs,
      megabytes,
      peers: [
        ...prepared.ready.map(({ peer, remarks }): PeerResult => {
          const theirs = times.get(peer.name) ?? [];
          const ratio = median(theirs.map((ms, round) => ms / (own[round] ?? 1)));
          return { name: peer.name, version: peer.version, milliseconds: median(theirs), ratio, remarks };
        }),
        ...prepared.failed,
      ],
    });
    await ours.dispose();
  }
  await Promise.all(peers.map((peer) => peer.stop()));
  const matrixProducts = Object.fromEntries(
    peakSizes.map((size) => [`${size}`, gigaflops(size, median(productTimes.get(`matmul-${size}`) ?? []))]),
  );
  await runtime.dispose();
  // Whoever asks for one task waits for no others.
  const wantsAll = only === '';
  if (wantsAll) tell('sampling, start-up and memory');
  return {
    machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores`,
    node: process.version,
    threads,
    rounds,
    matrixProducts,
    peak: Math.max(...Object.values(matrixProducts)),
    steps,
    missingPeers: missing,
    sampling: wantsAll ? [await samplingRate(threads)] : [],
    ...(wantsAll ? { startup: await startup(threads) } : {}),
  };
}

function residentMegabytes(): number {
  return process.memoryUsage.rss() / 2 ** 20;
}

function gigaflops(size: number, milliseconds: number): number {
  return (2 * size ** 3) / milliseconds / 1e6;
}

/** Multiply-adds of products and convolutions in one step, counted as two operations each. */
function flopsOf({ step }: TrainingProgram): number {
  return modelFlops([...Object.values(step.variables).map(({ next }) => next), ...Object.values(step.metrics)])
    .products;
}

async function preparePeers(peers: readonly Peer[], task: StepTask, tell: (text: string) => void) {
  const ready: { peer: Peer; remarks: readonly string[] }[] = [];
  const failed: PeerResult[] = [];
  for (const peer of peers) {
    tell(`${task.name}: preparing ${peer.name}`);
    try {
      const { remarks } = await peer.prepare(task.name);
      ready.push({ peer, remarks });
    } catch (error) {
      failed.push({
        name: peer.name,
        version: peer.version,
        error: error instanceof Error ? error.message : String(error),
        remarks: [],
      });
    }
  }
  return { ready, failed };
}

async function samplingRate(threads: number): Promise<{ name: string; imagesPerSecond: number }> {
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

/** Whole commands in processes of their own: help, and a short training, of which the first step and the memory are noted. */
async function startup(threads: number): Promise<NonNullable<BenchResult['startup']>> {
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
  // The child reports the most memory it ever had resident when it exits.
  const report = "process.on('exit',()=>process.stderr.write('\\nmaxRSS='+process.resourceUsage().maxRSS+'\\n'))";
  const child = spawn(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(report)}`, mainFile, ...words],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    onError?.(text);
    const memory = /maxRSS=(\d+)/.exec(text);
    if (memory !== null) onMemory?.(Number(memory[1]) / 1024);
  });
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => resolve());
  });
}
