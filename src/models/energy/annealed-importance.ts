// Annealed importance sampling of a machine's partition function (Neal 2001; Salakhutdinov and Murray 2008). Chains go from a machine
// without weights, whose Z_0 is known, to the machine itself, over machines in between:
//
//   p*_t(v) = exp((1 - t) a.v + t b.v) prod_j (1 + exp(t (c_j + (v W)_j))),   t from 0 to 1
//   Z / Z_0 = E prod_k p*_{t_k}(v_k) / p*_{t_(k-1)}(v_k),   log Z_0 = sum_i log(1 + exp(a_i)) + hidden log 2
//
// The mean of the chains' weights is an unbiased estimate of Z, so that of log Z is too low on average rather than too high.
import { type Random, random } from '../../runtime/random.js';
import { float32, type Runtime, type ValueData, type Values } from '../../runtime/runtime.js';
import { add, cast, multiply, softplus, subtract, sum } from '../../tensor/index.js';
import { input } from '../../tensor/operators/source.js';
import { lowerLoop, type StepProgram } from '../../tensor/program.js';
import type { Tensor } from '../../tensor/tensor.js';
import { draw, hiddenLogits, type RbmWeights, visibleLogits } from './rbm-energy.js';

/** How to estimate. */
export interface AnnealingOptions {
  /** Independent chains. */
  readonly chains: number;
  /** Machines on the way. */
  readonly temperatures: number;
  readonly seed: number;
}

/** An estimate of log Z. */
export interface AnnealedPartition {
  readonly value: number;
  /** log of the mean weight minus and plus three standard errors of that mean; the lower end may be -Infinity. */
  readonly low: number;
  readonly high: number;
}

/** Steps of all chains sent at a time. */
const stepsAtATime = 50;

/** Estimates log Z of the machine with the values `weights`, from `base` [visible], the biases a of the machine without weights. */
export async function annealedLogPartition(
  runtime: Runtime,
  weights: Values,
  sizes: { readonly visible: number; readonly hidden: number },
  base: Float32Array,
  { chains, temperatures, seed }: AnnealingOptions,
): Promise<AnnealedPartition> {
  const { visible, hidden } = sizes;
  const compiled = await runtime.compileStep(lowerLoop(annealingStep(sizes, chains)));
  try {
    const stream = random(seed).split('annealing');
    const start = stream.split('start').uniform(chains * visible);
    await compiled.write({
      ...Object.fromEntries(
        compiled.variables.flatMap(({ name }) => (weights[name] === undefined ? [] : [[name, weights[name]] as const])),
      ),
      base: float32(base, [visible]),
      v: float32(
        start.map((u, i) => (u < 1 / (1 + Math.exp(-(base[i % visible] ?? 0))) ? 1 : 0)),
        [chains, visible],
      ),
      logWeight: { dtype: 'float64', shape: [chains], data: new Float64Array(chains) },
    });
    for (let first = 1; first <= temperatures; first += stepsAtATime) {
      const count = Math.min(stepsAtATime, temperatures - first + 1);
      await compiled.run(count, feeds(stream, first, count, temperatures, chains * hidden, chains * visible));
    }
    const { logWeight } = await compiled.read(['logWeight']);
    const logBase = base.reduce((total, a) => total + Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a))), 0);
    return meanOf(Float64Array.from(logWeight?.data ?? [], Number), logBase + hidden * Math.LN2);
  } finally {
    await compiled.dispose();
  }
}

/** One temperature for all chains: their weights grow, then they take a Gibbs step of the machine at that temperature. */
function annealingStep({ visible, hidden }: { visible: number; hidden: number }, chains: number): StepProgram {
  const weights: RbmWeights = {
    weight: input('weight', [visible, hidden]),
    visibleBias: input('visibleBias', [visible]),
    hiddenBias: input('hiddenBias', [hidden]),
  };
  const base = input('base', [visible]);
  const [v, logWeight] = [input('v', [chains, visible]), input('logWeight', [chains], 'float64')];
  const [before, now] = [input('before', [1]), input('now', [1])];
  const logits = hiddenLogits(v, weights);
  const unnormalised = (t: Tensor): Tensor => sum(cast(softplus(multiply(logits, t)), 'float64'), { axes: 1 });
  const ofBiases = sum(multiply(v, subtract(weights.visibleBias, base)), { axes: 1 });
  const ofVisible = cast(multiply(ofBiases, subtract(now, before)), 'float64');
  const grown = add(add(logWeight, ofVisible), subtract(unnormalised(now), unnormalised(before)));
  const h = draw(multiply(logits, now), input('uniformHidden', [chains, hidden]));
  const tempered = add(multiply(base, subtract(1, now)), multiply(visibleLogits(h, weights), now));
  const next = draw(tempered, input('uniformVisible', [chains, visible]));
  const kept = { ...weights, base };
  return {
    name: 'annealing',
    variables: {
      ...Object.fromEntries(Object.entries(kept).map(([name, current]) => [name, { current, next: current }])),
      v: { current: v, next },
      logWeight: { current: logWeight, next: grown },
    },
    metrics: {},
  };
}

function feeds(
  stream: Random,
  first: number,
  count: number,
  temperatures: number,
  hidden: number,
  visible: number,
): Record<string, ValueData> {
  const steps = Array.from({ length: count }, (_, i) => first + i);
  const uniforms = (name: string, size: number): Float32Array => {
    const values = new Float32Array(count * size);
    for (const [i, step] of steps.entries()) values.set(stream.split(name).split(step).uniform(size), i * size);
    return values;
  };
  return {
    before: Float32Array.from(steps, (step) => (step - 1) / temperatures),
    now: Float32Array.from(steps, (step) => step / temperatures),
    uniformHidden: uniforms('hidden', hidden),
    uniformVisible: uniforms('visible', visible),
  };
}

/** log of the mean of exp(logWeights), with the interval of three standard errors, all plus `offset`. */
function meanOf(logWeights: Float64Array, offset: number): AnnealedPartition {
  const largest = logWeights.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const scaled = logWeights.map((value) => Math.exp(value - largest));
  const mean = scaled.reduce((a, b) => a + b, 0) / scaled.length;
  const variance = scaled.reduce((total, value) => total + (value - mean) ** 2, 0) / Math.max(1, scaled.length - 1);
  const error = 3 * Math.sqrt(variance / scaled.length);
  const logOf = (value: number): number => offset + largest + Math.log(Math.max(value, 0));
  return { value: logOf(mean), low: logOf(mean - error), high: logOf(mean + error) };
}
