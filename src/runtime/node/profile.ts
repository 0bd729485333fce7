// Where the time of a program goes: ONNX Runtime's own profile of each operator, as a table.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError, DeviceError } from '../../core/errors.js';
import type { LoweredProgram } from '../../tensor/program.js';
import { checkFeeds } from '../check-feeds.js';
import { probeModel } from '../identity-model.js';
import { checkedCount } from '../options.js';
import type { Values } from '../runtime.js';
import { physicalCores } from './cores.js';
import { channelToWorker } from './worker-thread.js';

/** One operator of the compiled program. */
export interface ProfileRow {
  /** Its name in the graph, which begins with its place in the model. */
  readonly name: string;
  /** Its kind, `Gemm` or `Gather`; fused ones have names of their own. */
  readonly operator: string;
  /** Milliseconds of one run, the median over the runs. */
  readonly milliseconds: number;
  /** How often one run computes it. */
  readonly count: number;
}

/** How to profile. */
export interface ProfileOptions {
  /** Default: the physical cores. */
  readonly threads?: number;
  /** Runs that are counted, after one to warm up. Default 10. */
  readonly runs?: number;
}

/**
 * Runs a program on the CPU and tells where the time goes, the slowest operator first. A step program is lowered to a single
 * step for this; its inputs are its variables and the feeds of one step.
 *
 * @throws ConfigError, ShapeError where options or feeds are wrong, DeviceError where the program does not run
 * @example const rows = await profile(lowerStep(step), { ...initial, x: float32(batch, [64, 784]) });
 */
export async function profile(
  program: LoweredProgram,
  feeds: Values,
  options: ProfileOptions = {},
): Promise<ProfileRow[]> {
  const threads = checkedCount('threads', options.threads ?? physicalCores());
  const runs = checkedCount('runs', options.runs ?? 10);
  if ('stacked' in program && program.stacked)
    throw new ConfigError(`${program.name} does many steps per run; profile it lowered by lowerStep.`);
  checkFeeds(program, feeds);
  const folder = await mkdtemp(join(tmpdir(), 'verisim-profile-'));
  const { name, model } = program;
  const channel = channelToWorker('cpu');
  try {
    await channel.ask({ kind: 'open', device: 'cpu', threads, spins: true, probe: probeModel() });
    await channel.ask({ kind: 'create', program: 0, name, model, profile: join(folder, 'profile') });
    for (let run = 0; run <= runs; run++) await channel.ask({ kind: 'run', program: 0, feeds, lent: [] });
    await channel.ask({ kind: 'endProfile', program: 0 });
    const [file] = await readdir(folder);
    if (file === undefined) throw new DeviceError(`ONNX Runtime wrote no profile of ${name}.`);
    return profileRows(JSON.parse(await readFile(join(folder, file), 'utf8')));
  } finally {
    await channel.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is read of the profile: one event per run of the model, and one per operator, times in microseconds. */
const profileEvents = z.array(
  z.object({
    cat: z.string(),
    name: z.string(),
    ts: z.number(),
    dur: z.number(),
    args: z.object({ op_name: z.string().optional() }).optional(),
  }),
);

const kernelSuffix = '_kernel_time';

/** The table of a profile as ONNX Runtime writes it; its first run is left out. */
export function profileRows(json: unknown): ProfileRow[] {
  const events = profileEvents.parse(json);
  const runs = events.filter(({ cat, name }) => cat === 'Session' && name === 'model_run').sort((a, b) => a.ts - b.ts);
  const counted = runs.slice(1);
  const operators = new Map<string, { readonly operator: string; readonly times: number[]; count: number }>();
  for (const { cat, name, ts, dur, args } of events) {
    const operator = args?.op_name ?? '';
    if (cat !== 'Node' || !name.endsWith(kernelSuffix)) continue;
    const run = counted.findIndex((candidate) => ts >= candidate.ts && ts <= candidate.ts + candidate.dur);
    if (run < 0) continue;
    const key = name.slice(0, -kernelSuffix.length);
    const row = operators.get(key) ?? { operator, times: counted.map(() => 0), count: 0 };
    row.times[run] = (row.times[run] ?? 0) + dur / 1000;
    row.count += 1;
    operators.set(key, row);
  }
  return [...operators]
    .map(([name, { operator, times, count }]) => ({
      name,
      operator,
      milliseconds: median(times),
      count: count / counted.length,
    }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
