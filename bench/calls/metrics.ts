// Metrics of samples, each call as ../peers/python/metrics.py makes it with torch-fidelity or prdc: the first 10000 rows against the next
// 10000, which are dimmed, so that there is a difference to find. Opening the device counts. So do the intervals, which the peers have none of,
// but for that of the Fréchet distance: it takes longer than the value, so the value alone is timed, as the peer gives it.
import {
  coverage,
  density,
  type FeatureRows,
  fid,
  kid,
  openWorkspace,
  precision,
  recall,
} from '../../src/metrics/index.js';
import type { CallTaskName } from '../peers/tasks.js';
import { type CallMaker, whole } from './call.js';
import { loadPixels } from './rows.js';

/** The name of a call of metrics. */
export type MetricTaskName = Extract<CallTaskName, `metrics-${string}`>;

const count = 10_000;
const dimming = 0.8;

/** Verisim's side of the metrics. */
export const metricCalls: Readonly<Record<MetricTaskName, CallMaker>> = {
  'metrics-fid': (folder, threads) => callOf([fid], folder, threads),
  'metrics-kid': (folder, threads) => callOf([kid], folder, threads),
  'metrics-neighbourhoods': (folder, threads) => callOf([precision, recall, density, coverage], folder, threads),
};

async function callOf(metrics: readonly (typeof fid)[], folder: string, threads: number) {
  const data = await loadPixels(folder);
  const rowsFrom = async (first: number, factor: number): Promise<FeatureRows> => {
    const { x } = await data.gather(Uint32Array.from({ length: count }, (_, row) => first + row));
    return { data: Float32Array.from(x, (value) => value * factor), rows: count, width: x.length / count };
  };
  const inputs = { real: await rowsFrom(0, 1), samples: await rowsFrom(count, dimming) };
  return whole({
    async work() {
      const workspace = openWorkspace({ threads });
      try {
        let sum = 0;
        for (const metric of metrics) sum += (await metric.compute(inputs, { workspace, interval: false })).value;
        return sum;
      } finally {
        await workspace.close();
      }
    },
    figure: (sum) => sum,
  });
}
