// Keeps a run folder up to date while a model trains: metrics, samples, curves, checkpoints, the model itself.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { animate, chartPanels, type RawImage, svgToPng } from '../../plot/index.js';
import type { Checkpoint, MetricRow, TrainingObserver } from '../observer.js';
import type { RunFolder } from './run-folder.js';

/** What the recorder needs of the model that is being trained. */
export interface Recorded {
  /** What the model draws now, always of the same latent codes, as the content of a file and its ending: `.png`. */
  draw(): Promise<{ readonly ending: string; readonly content: Uint8Array | string }>;
  /** Saves the model as it is now. */
  save(folder: string): Promise<void>;
}

/** Metrics that belong into one panel of the chart. */
export interface ChartLayout {
  readonly label: string;
  readonly metrics: readonly string[];
}

/** An observer that writes a run folder. */
export interface Recorder extends TrainingObserver {
  /** Brings the curves up to date and makes an animation of the samples, however the training ended. */
  finish(): Promise<void>;
}

/** Frames of the animation: of a longer training, as many spread evenly. */
const mostFrames = 100;

/** Records a training in a run folder. `earlier` are the metrics of the steps before a resumed part. */
export function recorder(
  run: RunFolder,
  model: Recorded,
  charts: readonly ChartLayout[],
  earlier: readonly MetricRow[] = [],
): Recorder {
  const rows = [...earlier];
  return {
    async onMetrics(row) {
      rows.push(row);
      await run.appendMetrics(row);
    },
    async onSnapshot({ step }: Checkpoint) {
      const { ending, content } = await model.draw();
      await run.write(join('samples', `step-${String(step).padStart(7, '0')}${ending}`), content);
    },
    async onCheckpoint(checkpoint) {
      // The checkpoint first: a crash before the model is saved costs nothing, because resuming saves it again.
      await run.writeCheckpoint(checkpoint);
      await model.save(join(run.path, 'model'));
      await writeCharts(run, rows, charts);
    },
    async finish() {
      await writeCharts(run, rows, charts);
      await writeAnimation(run);
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

/** The sample grids of a run, one after the other, as an animation. */
async function writeAnimation(run: RunFolder): Promise<void> {
  const folder = join(run.path, 'samples');
  const names = (await readdir(folder)).filter((name) => /^step-\d+\.png$/.test(name)).sort();
  if (names.length < 2) return;
  const { decodePng } = await import('../../plot/decode-png.js');
  const frames: RawImage[] = [];
  for (const name of spreadEvenly(names, mostFrames)) frames.push(await decodePng(await readFile(join(folder, name))));
  await run.write(join('samples', 'training.gif'), await animate(frames, { format: 'gif' }));
}

/** At most `count` of some items, the first and the last among them. */
function spreadEvenly<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, index) => Math.round((index * (items.length - 1)) / (count - 1))).flatMap(
    (place) => items.slice(place, place + 1),
  );
}
