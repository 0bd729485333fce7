// Rows of a restricted Boltzmann machine, each by a chain of Gibbs sampling of its own.
import { random } from '../../runtime/random.js';
import { float32, type Runtime, type Values } from '../../runtime/runtime.js';
import { input } from '../../tensor/operators/source.js';
import { lowerLoop } from '../../tensor/program.js';
import { gibbsStep, type RbmWeights, weightNames } from './rbm-energy.js';

/** Steps of all chains sent at a time. */
const drawSteps = 50;

/** What drawing needs. */
export interface ChainRequest {
  readonly runtime: Runtime;
  readonly weights: RbmWeights;
  /** The name under which a weight is saved. */
  readonly stored: (name: string) => string;
  readonly values: Values;
  readonly size: number;
  readonly hiddenUnits: number;
  readonly samplingSteps: number;
  readonly seed: number;
}

/** Rows `first` to `first + rows - 1` of a sample, [rows, size]; each depends on the seed and its place only. */
export async function drawChains(request: ChainRequest, first: number, rows: number): Promise<Float32Array> {
  const { runtime, weights, stored, values, size, hiddenUnits, samplingSteps, seed } = request;
  const v = input('v', [rows, size]);
  const next = gibbsStep(v, weights, input('hidden', [rows, hiddenUnits]), input('visible', [rows, size]));
  const variables = Object.fromEntries([
    ...weightNames.map((name) => [stored(name), { current: weights[name], next: weights[name] }] as const),
    ['v', { current: v, next }] as const,
  ]);
  const compiled = await runtime.compileStep(lowerLoop({ name: 'rbm-sample', variables, metrics: {} }));
  const streams = Array.from({ length: rows }, (_, row) =>
    random(seed)
      .split('rows')
      .split(first + row),
  );
  const uniforms = (name: string, from: number, count: number, width: number): Float32Array => {
    const numbers = new Float32Array(count * rows * width);
    for (const [row, stream] of streams.entries()) {
      const own = stream
        .split(name)
        .split(from)
        .uniform(count * width);
      for (let step = 0; step < count; step++)
        numbers.set(own.subarray(step * width, (step + 1) * width), (step * rows + row) * width);
    }
    return numbers;
  };
  try {
    const start = uniforms('start', 0, 1, size);
    await compiled.write({
      ...Object.fromEntries(
        compiled.variables.flatMap(({ name }) => (values[name] === undefined ? [] : [[name, values[name]] as const])),
      ),
      v: float32(
        start.map((u) => (u < 0.5 ? 1 : 0)),
        [rows, size],
      ),
    });
    for (let step = 0; step < samplingSteps; step += drawSteps) {
      const count = Math.min(drawSteps, samplingSteps - step);
      await compiled.run(count, {
        hidden: uniforms('hidden', step, count, hiddenUnits),
        visible: uniforms('visible', step, count, size),
      });
    }
    const { v: drawn } = await compiled.read(['v']);
    return drawn?.data instanceof Float32Array ? drawn.data : new Float32Array();
  } finally {
    await compiled.dispose();
  }
}
