// Training steps, the peak rate of matrix products and the peers, measured alternately round by round.
import { present } from '../src/core/present.js';
import { openRuntime } from '../src/runtime/node/open.js';
import type { Runtime } from '../src/runtime/runtime.js';
import { type CoreAnswers, startCoreAnswers } from './core-answers.js';
import { gigaflopOf } from './gigaflop.js';
import { type Measured, matrixProduct, trainingStep } from './measure.js';
import { peerCommand } from './peers/known-peers.js';
import { type MissingPeer, type Peer, startPeer, startPeers } from './peers/peer.js';
import type { StepResult, TrainingResult } from './results.js';
import { median, spread } from './statistics.js';
import { prepareSides, sideResult } from './step-peers.js';
import { peakSizes, type StepTask } from './tasks.js';

/** How to measure. */
export interface StepsOptions {
  readonly threads: number;
  readonly rounds: number;
  /** Whether the peers are measured too. */
  readonly peers: boolean;
  tell(text: string): void;
}

/** What was measured, and which peers are not there. */
export async function measureSteps(
  tasks: readonly StepTask[],
  options: StepsOptions,
): Promise<{ readonly training: TrainingResult; readonly missing: readonly MissingPeer[] }> {
  const { threads, rounds } = options;
  const runtime = await openRuntime({ threads });
  const products: Measured[] = [];
  for (const size of peakSizes) products.push(await matrixProduct(runtime, size));
  const wanted = [...new Set(tasks.flatMap((task) => task.peers))];
  const { peers, missing } = options.peers ? await startPeers({ threads, only: wanted }) : { peers: [], missing: [] };
  const answers = threads > 1 ? await startCoreAnswers() : undefined;
  const steps: StepResult[] = [];
  const rates: number[][] = [];
  try {
    for (const task of tasks)
      steps.push(await measureStep(task, runtime, { ...options, products, peers, rates, ...present({ answers }) }));
  } finally {
    await answers?.stop();
    await Promise.all(peers.map((peer) => peer.stop()));
    await runtime.dispose();
  }
  const matrixProducts = Object.fromEntries(
    peakSizes.map((size, index) => [`${size}`, median(rates.map((round) => round[index] ?? Number.NaN))]),
  );
  const peak = Math.max(...Object.values(matrixProducts));
  return { training: { rounds, matrixProducts, peak, steps }, missing };
}

interface Weather {
  readonly products: readonly Measured[];
  readonly peers: readonly Peer[];
  /** GFLOP/s of the products in every round so far. */
  readonly rates: number[][];
  readonly answers?: CoreAnswers;
}

async function measureStep(
  task: StepTask,
  runtime: Runtime,
  { products, peers, rates, answers, threads, rounds, tell }: Omit<StepsOptions, 'peers'> & Weather,
): Promise<StepResult> {
  const { name, description } = task;
  tell(`${name}: compiling`);
  const work = await task.make();
  const ours = await trainingStep(name, runtime, work);
  const figure = await ours.figure();
  const { sides, failed } = await prepareSides(peers, task, work, tell);
  await ours.time();
  const gigaflop = gigaflopOf(work.program.step);
  const times: number[] = [];
  const shares: number[] = [];
  const answerTimes: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const milliseconds = await ours.time();
    const productRates: number[] = [];
    for (const [index, product] of products.entries())
      productRates.push(gigaflops(peakSizes[index] ?? 1, await product.time()));
    times.push(milliseconds);
    rates.push(productRates);
    shares.push(gigaflop / (milliseconds / 1000) / Math.max(...productRates));
    const answerTime = answers?.nanoseconds();
    if (answerTime !== undefined) answerTimes.push(answerTime);
    for (const side of sides) side.times.push(median(await side.peer.time(name, { repetitions: 5 })));
    tell(`${name}: round ${round + 1} of ${rounds}, ${milliseconds.toFixed(1)} ms`);
  }
  await ours.dispose();
  const { median: milliseconds, quartiles } = spread(times);
  return {
    name,
    description,
    milliseconds,
    quartiles,
    gigaflop,
    shareOfPeak: median(shares),
    compileMs: ours.compileMs,
    ...(answerTimes.length === 0 ? {} : { answerNs: median(answerTimes) }),
    megabytes: await stepMegabytes(task, threads),
    ...(figure === undefined ? {} : { figure }),
    peers: [...sides.map((side) => sideResult(side, times)), ...failed],
  };
}

/** The most memory of a process that only compiles this step and runs it. */
async function stepMegabytes({ name }: StepTask, threads: number): Promise<number> {
  const child = await startPeer(peerCommand('Verisim', threads, process.env));
  try {
    const { megabytes = Number.NaN } = await child.prepare(name);
    return megabytes;
  } finally {
    await child.stop();
  }
}

function gigaflops(size: number, milliseconds: number): number {
  return (2 * size ** 3) / milliseconds / 1e6;
}
