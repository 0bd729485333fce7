// Measuring: our own training steps and matrix products, on one open runtime, so that they share threads and the weather.
import { lowerFor } from '../src/runtime/lower-for.js';
import { random } from '../src/runtime/random.js';
import {
  type CompiledProgram,
  type CompiledStepProgram,
  float32,
  type Runtime,
  type Value,
  type ValueData,
  type Values,
} from '../src/runtime/runtime.js';
import { matmul } from '../src/tensor/operators/matmul.js';
import { max } from '../src/tensor/operators/reduce.js';
import { input } from '../src/tensor/operators/source.js';
import { lowerLoop, lowerProgram } from '../src/tensor/program.js';
import type { TrainingProgram } from '../src/training/program.js';
import { median } from './statistics.js';
import { type StepWork, turnsOf } from './step-work.js';

/** Something whose time is taken again and again. */
export interface Measured {
  readonly name: string;
  /** Milliseconds of one unit of work: a product, a step. */
  time(): Promise<number>;
  dispose(): Promise<void>;
}

/** A product of two n x n matrices. Four in a row per run, so that what surrounds them does not count. */
export async function matrixProduct(runtime: Runtime, n: number): Promise<Measured> {
  const repetitions = 4;
  const a = input('a', [n, n]);
  const b = input('b', [n, n]);
  let product = matmul(a, b);
  for (let i = 1; i < repetitions; i++) product = matmul(product, b);
  const program: CompiledProgram = await runtime.compile(
    lowerProgram({ name: `matmul-${n}`, results: { largest: max(product) } }),
  );
  const values = (label: string) =>
    float32(
      random(0)
        .split(label)
        .normal(n * n, 0, 1 / Math.sqrt(n)),
      [n, n],
    );
  const feeds = { a: values('a'), b: values('b') };
  return {
    name: `matmul-${n}`,
    // The best of a few: the peak is what the machine can do, and threads that have to wake up first show less.
    time: async () => {
      let best = Number.POSITIVE_INFINITY;
      for (let run = 0; run < 6; run++) {
        await program.run(feeds);
        best = Math.min(best, program.lastRunMs / repetitions);
      }
      return best;
    },
    dispose: () => program.dispose(),
  };
}

/** A compiled training step, and how long compiling took. */
export interface MeasuredStep extends Measured {
  readonly compileMs: number;
  readonly loweredBytes: number;
  /** The loss of the last of the compared steps from the initial values on, where the step has a start that peers share. */
  figure(): Promise<number | undefined>;
}

/** Steps per run: as many as the training loop would do in a quarter of a second, at most. */
const stepsPerRun = 8;
/** Steps that are not counted: peers had the cores, and bring caches and threads back in the same way before they are measured. */
const warmingSteps = 2;
/** Runs of which the median counts, as it does of the peers' repetitions. */
const countedRuns = 5;

/** A training step, measured as the training loop runs it: several per run, fed from the pool of its start or with fresh noise. */
export async function trainingStep(name: string, runtime: Runtime, work: StepWork): Promise<MeasuredStep> {
  const { program, start: shared } = work;
  const start = performance.now();
  const lowered = await lowerFor(runtime, program.step);
  const compiled: CompiledStepProgram = await runtime.compileStep(lowered);
  const compileMs = performance.now() - start;
  await compiled.write(program.initial);
  let done = 0;
  const feedsOf = (count: number): Record<string, ValueData> => {
    const stream = random(0).split(done);
    const feeds = compiled.feeds.map(({ name: feed, shape }): [string, ValueData] => {
      const pooled = shared?.pool[feed];
      if (pooled !== undefined) return [feed, turnsOf(pooled, done, count)];
      const size = shape.reduce<number>((product, dim) => product * Number(dim), count);
      return [feed, feed === program.rows ? stream.split(feed).uniform(size) : stream.split(feed).normal(size)];
    });
    done += count;
    return Object.fromEntries(feeds);
  };
  return {
    name,
    compileMs,
    loweredBytes: lowered.model.length,
    time: async () => {
      await compiled.run(warmingSteps, feedsOf(warmingSteps));
      const times: number[] = [];
      for (let run = 0; run < countedRuns; run++) {
        await compiled.run(stepsPerRun, feedsOf(stepsPerRun));
        times.push(compiled.lastRunMs / stepsPerRun);
      }
      return median(times);
    },
    async figure() {
      if (shared === undefined) return undefined;
      await compiled.write(program.initial);
      done = 0;
      const metrics = await compiled.run(shared.comparedSteps, feedsOf(shared.comparedSteps));
      return shared.losses.reduce((sum, loss) => sum + (metrics[loss]?.at(-1) ?? Number.NaN), 0);
    },
    dispose: () => compiled.dispose(),
  };
}

/** Variables and random feeds of one step. */
export function singleStepFeeds({ step, initial }: TrainingProgram): Values {
  const feeds: Record<string, Value> = { ...initial };
  for (const { name, shape } of lowerLoop(step).feeds) {
    const lengths = shape.map(Number);
    feeds[name] = float32(
      random(0)
        .split(name)
        .normal(lengths.reduce((a, b) => a * b, 1)),
      lengths,
    );
  }
  return feeds;
}
