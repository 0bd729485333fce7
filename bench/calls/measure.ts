// Calls, ours and the peers', each side in a fresh process per task, alternating round by round.
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { peerCommand } from '../peers/known-peers.js';
import { type MissingPeer, type Peer, type Preparation, problemOf, startPeer } from '../peers/peer.js';
import type { CallTaskName } from '../peers/tasks.js';
import type { CallResult, CallsResult, PeerResult } from '../results.js';
import { ratioSpread, spread } from '../statistics.js';
import { writeRows } from './rows.js';
import type { CallTask } from './tasks.js';

/** How to measure. */
export interface CallsOptions {
  readonly threads: number;
  readonly rounds: number;
  /** Whether the peers are measured too. */
  readonly peers: boolean;
  tell(text: string): void;
}

/** A library with a task made ready, or with why it is not. */
interface Side {
  readonly peer: Peer;
  readonly preparation: Preparation;
  readonly times: number[];
  error?: string;
}

/** What was measured, and which peers are not there. */
export async function measureCalls(
  tasks: readonly CallTask[],
  options: CallsOptions,
): Promise<{ readonly calls: CallsResult; readonly missing: readonly MissingPeer[] }> {
  const { threads, rounds, tell } = options;
  const folder = await mkdtemp(join(tmpdir(), 'verisim-bench-'));
  // Ctrl-C leaves no rows behind; the processes end when their input does.
  const interrupted = () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  try {
    tell('calls: writing the rows');
    const { description, megabytes } = await writeRows(folder, threads);
    const missing = new Map<string, string>();
    const results: CallResult[] = [];
    for (const task of tasks) results.push(await measureCall(task, folder, missing, options));
    return {
      calls: { rounds, rows: description, rowMegabytes: megabytes, tasks: results },
      missing: Array.from(missing, ([name, error]) => ({ name, error })),
    };
  } finally {
    process.off('SIGINT', interrupted);
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureCall(
  task: CallTask,
  folder: string,
  missing: Map<string, string>,
  { threads, rounds, peers, tell }: CallsOptions,
): Promise<CallResult> {
  const { name, description, goal, figureTolerance = usualTolerance } = task;
  const processes: Peer[] = [];
  const sides: Side[] = [];
  const failed: PeerResult[] = [];
  const prepare = async (library: string): Promise<Side> => {
    tell(`${name}: preparing ${library}`);
    const peer = await startPeer(peerCommand(library, threads, process.env));
    processes.push(peer);
    return { peer, preparation: await peer.prepare(name, folder), times: [] };
  };
  try {
    const ours = await prepare('Verisim');
    for (const library of peers ? task.peers : []) {
      if (missing.has(library)) continue;
      const started = processes.length;
      try {
        sides.push(await prepare(library));
      } catch (error) {
        const version = processes[started]?.version;
        if (version === undefined) missing.set(library, problemOf(error));
        else failed.push({ name: library, version, error: problemOf(error), remarks: [] });
      }
    }
    for (let round = 0; round < rounds; round++) {
      ours.times.push(...(await timeRested(ours, name)));
      for (const side of sides) {
        if (side.error !== undefined) continue;
        try {
          side.times.push(...(await timeRested(side, name)));
        } catch (error) {
          side.error = problemOf(error);
        }
      }
      tell(`${name}: round ${round + 1} of ${rounds}, ${(ours.times.at(-1) ?? 0).toFixed(0)} ms`);
    }
    const { median: milliseconds, quartiles } = spread(ours.times);
    const { firstMs = Number.NaN, megabytes = Number.NaN, figure = Number.NaN } = ours.preparation;
    const measured = sides.map((side) => peerResult(side, ours.times, figure, figureTolerance));
    return {
      name,
      description,
      goal,
      milliseconds,
      quartiles,
      firstMs,
      megabytes,
      figure,
      peers: [...measured, ...failed],
    };
  } finally {
    await Promise.all(processes.map((peer) => peer.stop()));
  }
}

/**
 * Times one call once everything is at rest: threads of a library may keep a core busy for a while after its call, those of OpenBLAS for a tenth
 * of a second, which must not count against whoever comes next.
 */
async function timeRested({ peer }: Side, name: CallTaskName): Promise<readonly number[]> {
  await setTimeout(restMs);
  return peer.time(name, { repetitions: 1 });
}

const restMs = 300;

/** Figures of float32 and float64 sums over 60000 rows differ, but not as much as those of other work. */
const usualTolerance = 1e-3;

function peerResult(
  { peer, preparation, times, error }: Side,
  ours: readonly number[],
  figure: number,
  figureTolerance: number,
): PeerResult {
  const { name, version } = peer;
  const { remarks, megabytes, firstMs, figure: theirs = Number.NaN } = preparation;
  if (error !== undefined) return { name, version, error, remarks };
  const isSame = Math.abs(theirs - figure) <= figureTolerance * Math.abs(figure);
  const ratio = ratioSpread(times, ours);
  return {
    name,
    version,
    milliseconds: spread(times).median,
    ratio: ratio.median,
    ratioQuartiles: ratio.quartiles,
    ...(megabytes === undefined ? {} : { megabytes }),
    ...(firstMs === undefined ? {} : { firstMs }),
    remarks: isSame ? remarks : [...remarks, `reached ${theirs}, not Verisim's ${figure}: it does other work`],
  };
}
