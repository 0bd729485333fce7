// verisim bench: peak rate, training steps and their share of it, calls on whole data sets, sampling, start-up and memory, in tables.
// With peers the same work is done by other libraries, alternating with ours round by round; ratios are medians of ratios within a
// round.
import { cpus } from 'node:os';
import { unknownName } from '../src/core/nearest.js';
import { physicalCores } from '../src/runtime/node/cores.js';
import { openRuntime } from '../src/runtime/node/open.js';
import { profile } from '../src/runtime/node/profile.js';
import { lowerStep } from '../src/tensor/program.js';
import { measureCalls } from './calls/measure.js';
import { callTasks } from './calls/tasks.js';
import { singleStepFeeds } from './measure.js';
import { measurePixelSampling, pixelSamplingName } from './pixel-sampling.js';
import { benchText, profileText } from './report.js';
import type { BenchResult } from './results.js';
import { samplingRate, startup } from './startup.js';
import { stepTasks } from './tasks.js';
import { measureSteps } from './training-steps.js';

/** What to measure. */
export interface BenchOptions {
  readonly peers?: boolean;
  readonly threads?: number;
  /** Default: 15 of training steps, 5 of calls, which take longer. */
  readonly rounds?: number;
  /** Only tasks whose name contains this. */
  readonly only?: string;
  readonly profile?: boolean;
  readonly json?: boolean;
}

export async function runBench(options: BenchOptions): Promise<void> {
  const result = await measure(options);
  process.stdout.write(options.json === true ? `${JSON.stringify(result)}\n` : benchText(result));
  if (options.profile === true && options.json !== true) await profileSteps(options);
}

/** Where the time of each training step goes, by kind of operator and for the slowest operators. */
async function profileSteps({ only = '', threads = physicalCores() }: BenchOptions): Promise<void> {
  const runtime = await openRuntime({ threads });
  const channelBlock = await runtime.channelBlock();
  await runtime.dispose();
  for (const task of stepTasks.filter(({ name }) => name.includes(only))) {
    const { program } = await task.make();
    const lowered = lowerStep(program.step, { channelBlock });
    const rows = await profile(lowered, singleStepFeeds(program), { threads });
    process.stdout.write(profileText(task.name, rows));
  }
}

async function measure({
  peers = false,
  threads = physicalCores(),
  rounds,
  only = '',
}: BenchOptions): Promise<BenchResult> {
  const tell = (text: string): void => {
    process.stderr.write(`${text}\n`);
  };
  const steps = stepTasks.filter(({ name }) => name.includes(only));
  const calls = callTasks.filter(({ name }) => name.includes(only));
  const drawsPixels = pixelSamplingName.includes(only);
  if (steps.length + calls.length === 0 && !drawsPixels)
    throw unknownName('task', only, [...[...stepTasks, ...callTasks].map(({ name }) => name), pixelSamplingName]);
  const common = { threads, peers, tell };
  const ofSteps = steps.length === 0 ? undefined : await measureSteps(steps, { ...common, rounds: rounds ?? 15 });
  const ofCalls = calls.length === 0 ? undefined : await measureCalls(calls, { ...common, rounds: rounds ?? 5 });
  const ofPixels = drawsPixels ? await measurePixelSampling({ threads, rounds: rounds ?? 5, tell }) : undefined;
  // Whoever asks for one task waits for no others.
  const wantsAll = only === '';
  if (wantsAll) tell('sampling, start-up and memory');
  return {
    machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores`,
    node: process.version,
    threads,
    ...(ofSteps === undefined ? {} : { training: ofSteps.training }),
    ...(ofCalls === undefined ? {} : { calls: ofCalls.calls }),
    ...(ofPixels === undefined ? {} : { pixelSampling: ofPixels }),
    missingPeers: [...(ofSteps?.missing ?? []), ...(ofCalls?.missing ?? [])],
    sampling: wantsAll ? [await samplingRate(threads)] : [],
    ...(wantsAll ? { startup: await startup(threads) } : {}),
  };
}
