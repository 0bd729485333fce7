// Keeps a run folder up to date while a model trains: metrics, samples, curves, checkpoints, the model itself.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { animate, chartPanels, type RawImage, svgToPng } from '../../plot/index.js';
import type { Charts } from '../chart-layout.js';
import type { Checkpoint, MetricRow, TrainingObserver } from '../observer.js';
import { validationMetric } from '../validation.js';
import type { RunFolder } from './run-folder.js';

/** What the recorder needs of the model that is being trained. */
export interface Recorded {
  /** What the model draws now, always of the same latent codes, as a file's content and ending, `.png`; undefined if it cannot. */
  draw(): Promise<{ readonly ending: string; readonly content: Uint8Array | string } | undefined>;
  /** Figures of what the model has learnt, drawn once it has: a file's name without ending, and SVG. Default: none. */
  pictures?(): Promise<readonly { readonly name: string; readonly svg: string }[]>;
  /** Saves the model as it is now. */
  save(folder: string): Promise<void>;
}

/** What came of a fit without checkpoints on the way. */
export interface Outcome {
  readonly iterations: number;
  readonly history: readonly MetricRow[];
}

/** An observer that writes a run folder. */
export interface Recorder extends TrainingObserver {
  /**
   * Brings the curves up to date, draws what was learnt and makes an animation of the samples, however the training ended.
   *
   * @param outcome of a model that has no checkpoints: what it did not tell on the way is written now, and the model saved
   */
  finish(outcome?: Outcome): Promise<void>;
}

/** Frames of the animation: of a longer training, as many spread evenly. */
const mostFrames = 100;

/** Records a training in a run folder. `earlier` are the metrics of the steps before a resumed part. */
export function recorder(
  run: RunFolder,
  model: Recorded,
  charts: Charts,
  earlier: readonly MetricRow[] = [],
): Recorder {
  const rows = [...earlier];
  let drawnStep: number | undefined;
  const record = async (row: MetricRow): Promise<void> => {
    rows.push(row);
    await run.appendMetrics(row);
  };
  const draw = async (step: number): Promise<void> => {
    const drawn = await model.draw();
    drawnStep = step;
    if (drawn === undefined) return;
    await run.write(join('samples', `step-${String(step).padStart(7, '0')}${drawn.ending}`), drawn.content);
  };
  const save = (): Promise<void> => model.save(join(run.path, 'model'));
  return {
    onMetrics: record,
    onSnapshot: ({ step }: Checkpoint) => draw(step),
    async onCheckpoint(checkpoint) {
      // The checkpoint first: a crash before the model is saved costs nothing, because resuming saves it again.
      await run.writeCheckpoint(checkpoint);
      await save();
      await writeCharts(run, rows, charts);
    },
    async finish(outcome) {
      if (outcome !== undefined) {
        // The model first: it is what the fit was for, and drawing from it may fail.
        await save();
        if (rows.length === 0) for (const row of outcome.history) await record(row);
        if (drawnStep !== outcome.iterations) await draw(outcome.iterations);
      }
      await writeCharts(run, rows, charts);
      for (const { name, svg } of (await model.pictures?.()) ?? []) await writeFigure(run, name, svg);
      await writeAnimation(run);
    },
  };
}

/** How steady curves are drawn: noisy metrics of batches get a moving average, those of all rows are exact. */
const smoothing = { epoch: 0.9, iteration: 0 } as const;

/** Curves as SVG and PNG; a single iteration has none. */
async function writeCharts(run: RunFolder, rows: readonly MetricRow[], { panels, axis }: Charts): Promise<void> {
  if (rows.length < (axis === 'epoch' ? 1 : 2)) return;
  const known = [...new Set(rows.flatMap(({ metrics }) => Object.keys(metrics)))];
  const layout = panels ?? known.map((name) => ({ label: name, metrics: [name] }));
  const drawn = layout.flatMap(({ label, metrics }) => {
    const names = metrics.filter((name) => known.includes(name));
    const series = names.map((name) => {
      // A metric has points where it was told: looks at validation rows have rows of their own.
      const own = rows.filter(({ metrics }) => metrics[name] !== undefined);
      return {
        name,
        x: own.map(({ epoch, step }) => (axis === 'epoch' ? epoch : step)),
        y: own.map((row) => row.metrics[name] ?? Number.NaN),
        ...(name === validationMetric ? { smoothing: 0 } : {}),
      };
    });
    return series.length === 0 ? [] : [{ yLabel: label, smoothing: smoothing[axis], series }];
  });
  if (drawn.length === 0) return;
  await writeFigure(run, 'training', chartPanels({ xLabel: axis, panels: drawn }));
}

/** A figure as SVG and PNG. */
async function writeFigure(run: RunFolder, name: string, svg: string): Promise<void> {
  await run.write(join('charts', `${name}.svg`), svg);
  await run.write(join('charts', `${name}.png`), await svgToPng(svg));
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
