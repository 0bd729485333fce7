// The network of the classifier two-sample test: one hidden layer, trained to tell real rows (1) from samples (0).
import { activation, adamW, binaryCrossEntropyFromLogits, dense, network, sequential } from '../nn/index.js';
import { random } from '../runtime/random.js';
import { float32, type Runtime, type ValueData } from '../runtime/runtime.js';
import { add, gradients, input, lowerLoop, lowerProgram } from '../tensor/index.js';
import type { MetricOptions } from './metric.js';
import { pace } from './pace.js';

const hiddenUnits = 64;
const batchSize = 64;
/** Steps per run of the device: between runs a computation can be aborted. */
const stepsPerRun = 32;
const epochs = 20;
const leastSteps = 400;
const mostSteps = 3000;
const scoreRows = 1024;

/** Standardised rows with what they are. */
export interface LabelledRows {
  /** [rows, width] */
  readonly x: Float32Array;
  /** [rows]: 1 for real, 0 for a sample. */
  readonly labels: Float32Array;
}

/** Steps for so many rows. */
export function stepsFor(rows: number): number {
  return Math.min(mostSteps, Math.max(leastSteps, Math.ceil((epochs * rows) / batchSize)));
}

/** Trains on some rows and returns the logits of others. */
export async function trainAndScore(
  runtime: Runtime,
  training: LabelledRows,
  heldOut: LabelledRows,
  width: number,
  { seed = 0, ...options }: MetricOptions,
): Promise<Float64Array> {
  const rows = training.labels.length;
  const steps = stepsFor(rows);
  const done = pace(options);
  const stream = random(seed).split('two-sample-test');
  const net = network(
    'two-sample',
    sequential([dense({ units: hiddenUnits }), activation('relu'), dense({ units: 1 })]),
    [width],
  );
  const weights = net.inputs();
  const logits = net.apply(input('x', [batchSize, width]), weights, { training: true }).output;
  const loss = binaryCrossEntropyFromLogits(logits, input('y', [batchSize, 1]));
  const found = gradients(loss, Object.values(weights));
  const step = input('step', []);
  const { next, state } = adamW({ learningRate: 1e-3, weightDecay: 0.1 }).update({
    prefix: 'optimiser',
    parameters: weights,
    gradients: Object.fromEntries(Object.keys(weights).map((name, i) => [name, found[i]!])),
    step,
  });
  const learnt = Object.fromEntries(
    Object.entries(next).map(([name, value]) => [name, { current: weights[name]!, next: value }]),
  );
  const program = await runtime.compileStep(
    lowerLoop({
      name: 'two-sample-training',
      variables: { ...learnt, ...state, step: { current: step, next: add(step, 1) } },
      metrics: { loss },
    }),
  );
  const scoring = await runtime.compile(
    lowerProgram({
      name: 'two-sample-scores',
      results: { logits: net.apply(input('x', [scoreRows, width]), weights).output },
    }),
  );
  try {
    await program.write({
      ...net.initialise(stream.split('weights')),
      ...Object.fromEntries(Object.entries(state).map(([name, { initial }]) => [name, initial])),
      step: float32(Float32Array.of(1), []),
    });
    const order = rowsInTurn(rows, steps * batchSize, (epoch) => stream.split('order').split(epoch).permutation(rows));
    for (let first = 0; first < steps; first += stepsPerRun) {
      const count = Math.min(stepsPerRun, steps - first);
      await program.run(
        count,
        batchesOf(training, width, order.subarray(first * batchSize, (first + count) * batchSize)),
      );
      await done((first + count) / steps);
    }
    const trained = await program.read(Object.keys(weights));
    const result = new Float64Array(heldOut.labels.length);
    for (let first = 0; first < result.length; first += scoreRows) {
      const x = new Float32Array(scoreRows * width);
      x.set(heldOut.x.subarray(first * width, (first + scoreRows) * width));
      const values = await scoring.run({ ...trained, x: float32(x, [scoreRows, width]) });
      const scores = Float64Array.from(values.logits?.data ?? [], Number);
      result.set(scores.subarray(0, Math.min(scoreRows, result.length - first)), first);
    }
    return result;
  } finally {
    await program.dispose();
    await scoring.dispose();
  }
}

/** `count` row numbers: all rows in a random order, again and again. */
function rowsInTurn(rows: number, count: number, orderOf: (epoch: number) => Uint32Array): Uint32Array {
  const result = new Uint32Array(count);
  for (let epoch = 0; epoch * rows < count; epoch++)
    result.set(orderOf(epoch).subarray(0, count - epoch * rows), epoch * rows);
  return result;
}

function batchesOf({ x, labels }: LabelledRows, width: number, rows: Uint32Array): Record<string, ValueData> {
  const batch = new Float32Array(rows.length * width);
  for (const [to, from] of rows.entries()) batch.set(x.subarray(from * width, (from + 1) * width), to * width);
  return { x: batch, y: Float32Array.from(rows, (row) => labels[row]!) };
}
