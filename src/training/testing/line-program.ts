// A small training for tests: a line through noisy points by gradient descent with momentum, on the rows of a generated data set.
import { fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { float32 } from '../../runtime/runtime.js';
import { gradients } from '../../tensor/gradient.js';
import { add, log, mean, multiply, square, subtract } from '../../tensor/index.js';
import { slice } from '../../tensor/operators/slice.js';
import { input } from '../../tensor/operators/source.js';
import type { TrainingProgram } from '../program.js';

const batchSize = 4;

/** 40 points (x, 3 x - 1) with a little noise: ten steps an epoch. */
export const line = (() => {
  const x = random(3).uniform(40, -1, 1);
  const noise = random(4).normal(40, 0, 0.05);
  const rows = Float32Array.from({ length: 80 }, (_, i) => {
    const at = x[i >> 1] ?? 0;
    return i % 2 === 0 ? at : 3 * at - 1 + (noise[i >> 1] ?? 0);
  });
  return fromArrays({ x: rows, shape: [2], name: 'line' });
})();

/**
 * Squared error of a x + b with jittered inputs.
 *
 * @param learningRate above 1 it diverges
 * @param brokenBelow the loss is reported as log(loss - brokenBelow), which is not a number once the loss falls below it
 */
export function lineProgram(learningRate = 0.1, brokenBelow?: number): TrainingProgram {
  const [slope, offset] = [input('slope', []), input('offset', [])];
  const [slopeVelocity, offsetVelocity] = [input('slopeVelocity', []), input('offsetVelocity', [])];
  const rows = input('rows', [batchSize, 2]);
  const x = add(slice(rows, 1, 0, 1), multiply(input('jitter', [batchSize, 1]), 0.01));
  const error = subtract(add(multiply(x, slope), offset), slice(rows, 1, 1, 2));
  const loss = mean(square(error));
  const [slopeGradient, offsetGradient] = gradients(loss, [slope, offset]);
  const nextSlopeVelocity = add(multiply(slopeVelocity, 0.5), slopeGradient ?? 0);
  const nextOffsetVelocity = add(multiply(offsetVelocity, 0.5), offsetGradient ?? 0);
  const variable = (current: typeof slope, next: typeof slope) => ({ current, next });
  return {
    step: {
      name: 'line',
      variables: {
        slope: variable(slope, subtract(slope, multiply(nextSlopeVelocity, learningRate))),
        offset: variable(offset, subtract(offset, multiply(nextOffsetVelocity, learningRate))),
        slopeVelocity: variable(slopeVelocity, nextSlopeVelocity),
        offsetVelocity: variable(offsetVelocity, nextOffsetVelocity),
      },
      metrics: { loss, report: brokenBelow === undefined ? loss : log(subtract(loss, brokenBelow)) },
    },
    initial: Object.fromEntries(
      ['slope', 'offset', 'slopeVelocity', 'offsetVelocity'].map((name) => [name, float32(new Float32Array(1), [])]),
    ),
    rows: 'rows',
    batchSize,
    noise: [{ name: 'jitter', shape: [batchSize, 1], distribution: 'normal' }],
    remedies: ['lower the learning rate'],
  };
}
