// What the programs of the JavaScript peers share: preparing a task, showing its losses, timing its steps.
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Preparation, StepLosses } from './peer.js';
import { serve } from './serve.js';
import { parseTask, type Task } from './tasks.js';

/** A task made ready by a library. */
export interface PreparedTask {
  /** Makes one step and waits for its results. */
  step(): Promise<void>;
  /** The losses of the last step, where the task has them. */
  losses?(): Promise<Omit<StepLosses, 'step'>>;
  readonly remarks: readonly string[];
}

/** A library as a peer. */
export interface PeerLibrary {
  readonly version: string;
  build(task: Task): Promise<PreparedTask>;
}

const reportedSteps = [1, 2, 5, 10, 20];
/** A slow peer warms up for no longer than this, but for three steps at least. */
const warmUpMs = 30_000;
const taskSchema = z.object({ task: z.string() });
const timeSchema = z.object({ task: z.string(), repetitions: z.number().int().positive() });

/** Finds packages in the folder that VERISIM_PEERS_NODE names. @throws Error where it is not set or lacks the package */
export function peerRequire(environment: NodeJS.ProcessEnv = process.env): NodeJS.Require {
  const folder = environment.VERISIM_PEERS_NODE;
  if (!folder)
    throw new Error('VERISIM_PEERS_NODE is not set. Set it to a folder whose node_modules holds the JavaScript peers.');
  return createRequire(join(resolve(folder), 'package.json'));
}

/** Serves a library as a peer; where it cannot be loaded, "hello" answers with the reason. */
export async function servePeer(load: () => Promise<PeerLibrary>): Promise<void> {
  let library: PeerLibrary | undefined;
  const prepared = new Map<string, PreparedTask>();
  await serve({
    async hello() {
      library ??= await load();
      return { version: library.version };
    },
    async prepare(fields): Promise<Preparation> {
      const { task: name } = taskSchema.parse(fields);
      library ??= await load();
      const task = await library.build(parseTask(name));
      const losses = await warmUp(task);
      prepared.set(name, task);
      return { losses, remarks: task.remarks };
    },
    async time(fields): Promise<number[]> {
      const { task: name, repetitions } = timeSchema.parse(fields);
      const task = prepared.get(name);
      if (task === undefined) throw new Error(`Task "${name}" is not prepared; ask for "prepare" first.`);
      // The process was idle: bring caches back. Where a step takes seconds there is nothing to bring back.
      const [first] = await milliseconds(task, 1);
      if (first! < 1000) await task.step();
      return milliseconds(task, repetitions);
    },
  });
}

async function warmUp(task: PreparedTask): Promise<StepLosses[]> {
  const losses: StepLosses[] = [];
  const start = performance.now();
  for (let step = 1; step <= reportedSteps.at(-1)!; step++) {
    if (step > 3 && performance.now() - start > warmUpMs) break;
    await task.step();
    if (task.losses !== undefined && reportedSteps.includes(step)) losses.push({ step, ...(await task.losses()) });
  }
  return losses;
}

async function milliseconds(task: PreparedTask, repetitions: number): Promise<number[]> {
  const durations: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const start = performance.now();
    await task.step();
    durations.push(performance.now() - start);
  }
  return durations;
}
