// Watches a game while it is trained: looks at samples of the same codes at times when samples are drawn anyway, and tells what goes wrong
// as soon as it is seen, each thing once.
import { type Dataset, exampleSize } from '../../../data/dataset.js';
import { type Random, random } from '../../../runtime/random.js';
import type { Checkpoint, MetricRow, TrainingObserver } from '../../../training/observer.js';
import type { Samples } from '../../contract.js';
import type { GameOptions } from './evidence.js';
import { gameWarnings } from './game-warnings.js';
import { type FlatRows, type Look, lookAt, type Yardstick, yardstickOf } from './look.js';
import { type WatchMemory, watchFromValues, watchToValues } from './watch-memory.js';

/** Samples of a look, and rows that they are compared with. */
const lookRows = 64;
/** Data of fewer rows are not looked at: rows and others would be nearly all of them. */
const fewestRows = 4 * lookRows;
/** Steps from one look to the next grow with the training by this factor, so that looks cost next to nothing. */
const growth = 1.1;

/** What is watched. */
export interface WatchedGame {
  readonly data: Dataset;
  readonly seed: number;
  readonly latentSize: number;
  readonly options: GameOptions;
  /** Where a training is resumed. */
  readonly resume?: Checkpoint;
  /** Codes [count, latentSize] as samples have them. */
  drawCodes(count: number, stream: Random): Float32Array;
  /** Rows of codes as the model makes them now, given the labels that come with them. */
  decode(codes: Samples): Promise<Samples>;
}

/** A watch over one training. */
export interface GameWatch {
  /** To be told after whatever brings the model up to date. */
  readonly observer: TrainingObserver;
  /** What looked wrong when it ended. */
  warnings(): string[];
}

/** Begins to watch. @param listener is told of warnings as they come up */
export function gameWatch(
  { data, seed, latentSize, options, resume, drawCodes, decode }: WatchedGame,
  listener: TrainingObserver | undefined,
): GameWatch {
  const before = watchFromValues(resume?.seen ?? {}, resume?.step ?? 0);
  const history: MetricRow[] = [...before.history];
  const looks: Look[] = [...before.looks];
  let { lastSnapshot } = before;
  const told = new Set(namesTold(before, options));
  const stream = random(seed).split('watch');
  const codes = drawCodes(lookRows, stream);
  let yardstick: Yardstick | undefined;
  let labels: Int32Array | undefined;

  const rowsOf = async (name: string): Promise<FlatRows & { readonly labels: Int32Array | undefined }> => {
    const batch = await data.gather(Uint32Array.from(stream.split(name).integers(lookRows, 0, data.length)));
    return { data: batch.x, width: exampleSize(data.exampleShape), labels: batch.labels };
  };
  const look = async (step: number): Promise<Look> => {
    if (yardstick === undefined) {
      const rows = await rowsOf('rows');
      labels = rows.labels;
      yardstick = yardstickOf(rows, await rowsOf('others'));
    }
    const drawn = await decode({
      data: codes,
      shape: [lookRows, latentSize],
      ...(labels === undefined ? {} : { labels }),
    });
    return lookAt(step, { data: drawn.data, width: exampleSize(data.exampleShape) }, yardstick);
  };
  return {
    observer: {
      onMetrics: (row) => void history.push(row),
      async onSnapshot({ step }: Checkpoint) {
        const since = lastSnapshot;
        lastSnapshot = step;
        if (step === 0 || data.length < fewestRows || !isDue(since, step)) return;
        looks.push(await look(step));
        for (const { name, text, isFinal } of gameWarnings({ history, looks, options })) {
          if (isFinal || told.has(name)) continue;
          told.add(name);
          await listener?.onWarning?.({ step, text });
        }
      },
      remember: ({ step, window }) =>
        // The row of a window that is still open is written anew by whoever goes on.
        watchToValues({ history: history.filter((row) => row.step <= step - window.steps), looks, lastSnapshot }),
    },
    warnings: () => gameWarnings({ history, looks, options }).map(({ text }) => text),
  };
}

/** The warnings that came up on the way so far: after each look, of what was known then. */
function namesTold({ history, looks }: WatchMemory, options: GameOptions): string[] {
  return looks.flatMap(({ step }, index) => {
    const known = { history: history.filter((row) => row.step <= step), looks: looks.slice(0, index + 1), options };
    return gameWarnings(known).flatMap(({ name, isFinal }) => (isFinal ? [] : [name]));
  });
}

/** Whether a power of the growth lies between two snapshots: a function of their steps alone. */
function isDue(before: number, step: number): boolean {
  const power = (value: number): number => (value === 0 ? -1 : Math.floor(Math.log(value) / Math.log(growth)));
  return power(step) > power(before);
}
