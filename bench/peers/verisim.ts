// Verisim in a process of its own, spoken to like a peer: `verisim.js <threads>`. It does the calls, and tells of every task how much
// memory it takes: one process serves one task, so that no other task's memory is counted.
import { z } from 'zod';
import { version } from '../../src/core/version.js';
import { openRuntime } from '../../src/runtime/node/open.js';
import type { Call } from '../calls/call.js';
import { calls } from '../calls/calls.js';
import { trainingStep } from '../measure.js';
import { peakMegabytes } from '../peak-memory.js';
import { stepTasks } from '../tasks.js';
import type { Preparation } from './peer.js';
import { serve } from './serve.js';
import { callTaskOf } from './tasks.js';

const threads = Number(process.argv[2] ?? 1);
const prepareSchema = z.object({ task: z.string(), folder: z.string().optional() });
const timeSchema = z.object({ task: z.string(), repetitions: z.number().int().positive() });
const prepared = new Map<string, Call>();

await serve({
  hello: () => ({ version }),
  async prepare(fields): Promise<Preparation> {
    const { task, folder } = prepareSchema.parse(fields);
    const name = callTaskOf(task);
    if (name === undefined) return { losses: [], remarks: [], megabytes: await stepMemory(task) };
    if (folder === undefined) throw new Error(`"${name}" needs the folder of its rows.`);
    const call = await calls[name](folder, threads);
    const { milliseconds: firstMs, figure } = await call.run();
    prepared.set(name, call);
    return { losses: [], remarks: [], megabytes: peakMegabytes(), firstMs, figure };
  },
  async time(fields): Promise<number[]> {
    const { task, repetitions } = timeSchema.parse(fields);
    const call = prepared.get(task);
    if (call === undefined) throw new Error(`Task "${task}" is not prepared; ask for "prepare" first.`);
    const durations: number[] = [];
    for (let repetition = 0; repetition < repetitions; repetition++) durations.push(await call.time());
    return durations;
  },
});

/** The most memory that a process has resident which only compiles a training step and runs it. */
async function stepMemory(name: string): Promise<number> {
  const task = stepTasks.find((step) => step.name === name);
  if (task === undefined) throw new Error(`No training step "${name}".`);
  const runtime = await openRuntime({ threads });
  const step = await trainingStep(task.name, runtime, await task.make());
  for (let run = 0; run < 3; run++) await step.time();
  await step.dispose();
  await runtime.dispose();
  return peakMegabytes();
}
