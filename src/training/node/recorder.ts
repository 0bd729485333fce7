// Keeps a run folder up to date while a model trains: metrics, sample grids, curves, checkpoints, the model itself.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { animate, chartPanels, encodePng, type RawImage, svgToPng } from '../../plot/index.js';
import type { Checkpoint, MetricRow, TrainingObserver } from '../observer.js';
import type { RunFolder } from './run-folder.js';

/** What the recorder needs of the model that is being trained. */
export interface Recorded {
  /** A picture of what the model draws now, always of the same latent codes; undefined where rows are no images. */
  draw(): Promise<RawImage | undefined>;
  /** Saves the model as it is now. */
  save(folder: string): Promise<void>;
}

/** Metrics that belong into one panel of the chart. */
export interface ChartLayout {
  readonly label: string;
  readonly metrics: readonly string[];
}

/** An observer that writes a run folder. `earlier` are the metrics of the steps before a resumed part. */
export function recorder(
  run: RunFolder,
  model: Recorded,
  charts: readonly ChartLayout[],
  earlier: readonly MetricRow[] = [],
): TrainingObserver {
  const rows = [...earlier];
  let unwritten: MetricRow[] = [];
  const flush = async (): Promise<void> => {
    await run.appendMetrics(unwritten);
    unwritten = [];
  };
  return {
    async onMetrics(row) {
      rows.push(row);
      unwritten.push(row);
      if (unwritten.length >= 10) await flush();
    },
    async onSnapshot({ step }: Checkpoint) {
      const picture = await model.draw();
      if (picture !== undefined)
        await run.write(join('samples', `step-${String(step).padStart(7, '0')}.png`), await encodePng(picture));
    },
    async onCheckpoint(checkpoint) {
      await flush();
      await run.writeCheckpoint(checkpoint);
      await model.save(join(run.path, 'model'));
      await writeCharts(run, rows, charts);
    },
  };
}

/** Loss curves as SVG and PNG. */
async function writeCharts(run: RunFolder, rows: readonly MetricRow[], charts: readonly ChartLayout[]): Promise<void> {
  if (rows.length === 0) return;
  const x = rows.map((row) => row.epoch);
  const panels = charts.map(({ label, metrics }) => ({
    yLabel: label,
    smoothing: 0.9,
    series: metrics.map((name) => ({ name, x, y: rows.map((row) => row.metrics[name] ?? Number.NaN) })),
  }));
  const svg = chartPanels({ xLabel: 'epoch', panels });
  await run.write(join('charts', 'training.svg'), svg);
  await run.write(join('charts', 'training.png'), await svgToPng(svg));
}

/** The sample grids of a run, one after the other, as an animation; written when a training ends. */
export async function writeAnimation(run: RunFolder): Promise<void> {
  const { decodePng } = await import('../../plot/decode-png.js');
  const folder = join(run.path, 'samples');
  const names = (await readdir(folder)).filter((name) => /^step-\d+\.png$/.test(name)).sort();
  const frames: RawImage[] = [];
  for (const name of names) frames.push(await decodePng(await readFile(join(folder, name))));
  if (frames.length < 2) return;
  await run.write(join('samples', 'training.gif'), await animate(frames, { format: 'gif' }));
}
