// What the metrics of one evaluation have in common: the device that they compute on, and work that several of them need, such as the
// neighbours of all rows. Whoever opens a workspace hands it to metric after metric and closes it at the end.

import { openRuntime } from '#runtime';
import type { Runtime, RuntimeOptions } from '../runtime/runtime.js';
import type { Manifolds } from './manifolds.js';
import { Memo } from './memo.js';
import type { MetricOptions } from './metric.js';
import type { NearestRows } from './nearest-rows.js';

/** A device and what was found out with it. */
export interface Workspace {
  /** The device, opened when first asked for. */
  runtime(): Promise<Runtime>;
  /** Nearest rows, by the rows that were asked about and those that were searched. */
  readonly nearest: Memo<NearestRows>;
  /** How samples and real rows lie in each other's neighbourhoods. */
  readonly manifolds: Memo<Manifolds>;
  /** Frees the device. The workspace can be used again. */
  close(): Promise<void>;
}

/**
 * A workspace for several metrics of the same rows.
 *
 * @example
 * const workspace = openWorkspace();
 * for (const metric of [precision, recall]) console.log(await metric.compute({ real, samples }, { workspace }));
 * await workspace.close();
 */
export function openWorkspace(options: RuntimeOptions = {}): Workspace {
  let runtime: Promise<Runtime> | undefined;
  const nearest = new Memo<NearestRows>();
  const manifolds = new Memo<Manifolds>();
  return {
    nearest,
    manifolds,
    runtime() {
      // Metrics compute here between one call of the device and the next.
      runtime ??= openRuntime({ spins: false, ...options }).catch((error: unknown) => {
        runtime = undefined;
        throw error;
      });
      return runtime;
    },
    async close() {
      const opened = runtime;
      runtime = undefined;
      nearest.clear();
      manifolds.clear();
      await (await opened?.catch(() => undefined))?.dispose();
    },
  };
}

/** Works in the workspace of `options`, or in one that lives as long as the work. */
export async function inWorkspace<Result>(
  { workspace }: MetricOptions,
  work: (workspace: Workspace) => Promise<Result>,
): Promise<Result> {
  if (workspace !== undefined) return work(workspace);
  const own = openWorkspace();
  try {
    return await work(own);
  } finally {
    await own.close();
  }
}
