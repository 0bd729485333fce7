// The peers' side of a training step: told where it starts, made ready, and what came of it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Peer, type Preparation, problemOf } from './peers/peer.js';
import type { PeerResult } from './results.js';
import { median, ratioSpread } from './statistics.js';
import { type StepWork, startBytes, startFile } from './step-work.js';
import type { StepTask } from './tasks.js';

/** A peer with a step made ready, and its times in the rounds. */
export interface StepSide {
  readonly peer: Peer;
  readonly preparation: Preparation;
  readonly times: number[];
}

/** Makes a step ready with every peer that does it. */
export async function prepareSides(
  peers: readonly Peer[],
  task: StepTask,
  work: StepWork,
  tell: (text: string) => void,
): Promise<{ readonly sides: readonly StepSide[]; readonly failed: readonly PeerResult[] }> {
  const able = peers.filter(({ name }) => task.peers.includes(name));
  const sides: StepSide[] = [];
  const failed: PeerResult[] = [];
  if (able.length === 0) return { sides, failed };
  const folder = await mkdtemp(join(tmpdir(), 'verisim-bench-'));
  try {
    if (work.start !== undefined) await writeFile(join(folder, startFile), startBytes(work.start));
    for (const peer of able) {
      tell(`${task.name}: preparing ${peer.name}`);
      try {
        sides.push({ peer, preparation: await peer.prepare(task.name, folder), times: [] });
      } catch (error) {
        failed.push({ name: peer.name, version: peer.version, error: problemOf(error), remarks: [] });
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { sides, failed };
}

/** What came of a peer, against our times in the same rounds. */
export function sideResult({ peer, preparation, times }: StepSide, ours: readonly number[]): PeerResult {
  const { figure, gigaflop, remarks } = preparation;
  const ratio = ratioSpread(times, ours);
  return {
    name: peer.name,
    version: peer.version,
    milliseconds: median(times),
    ratio: ratio.median,
    ratioQuartiles: ratio.quartiles,
    ...(figure === undefined ? {} : { figure }),
    ...(gigaflop === undefined ? {} : { gigaflop }),
    remarks,
  };
}
