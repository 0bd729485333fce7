// The partition function of a restricted Boltzmann machine, exactly by summing over all states of its smaller layer:
//
//   Z = sum_h exp(c.h) prod_i (1 + exp(b_i + (W h)_i)),   or the same with the layers' roles exchanged
import { ConfigError } from '../../core/errors.js';

/** How to find the partition function. */
export interface PartitionOptions {
  /** `auto` sums exactly where that takes a second or so, and anneals otherwise. Default `auto`. */
  readonly method?: 'auto' | 'exact' | 'ais';
  /** Independent annealed chains. Default 100. */
  readonly chains?: number;
  /** Machines on the way from no weights to all of them; more are more accurate. Default 5000. */
  readonly temperatures?: number;
  /** Default 0. */
  readonly seed?: number;
}

/** log Z, in nats. */
export interface LogPartition {
  readonly value: number;
  /** Of an estimate, the interval of three standard errors of the mean weight; the value itself where it is exact. */
  readonly low: number;
  readonly high: number;
  readonly method: 'exact' | 'ais';
}

/** A machine's parameters as numbers. */
export interface RbmNumbers {
  /** [visible, hidden] */
  readonly weight: ArrayLike<number>;
  readonly visibleBias: ArrayLike<number>;
  readonly hiddenBias: ArrayLike<number>;
}

/** The most states that are summed over. */
const mostStates = 2 ** 25;

/** How many terms the exact sum has: states of the smaller layer times units of the other. */
export function exactTerms({ visibleBias, hiddenBias }: RbmNumbers): number {
  const [fewer, more] = [visibleBias.length, hiddenBias.length].sort((a, b) => a - b);
  return 2 ** (fewer ?? 0) * (more ?? 0);
}

/** log Z in float64. @throws ConfigError for layers of more than 25 units both */
export function exactLogPartition({ weight, visibleBias, hiddenBias }: RbmNumbers): number {
  const [visible, hidden] = [visibleBias.length, hiddenBias.length];
  const overHidden = hidden <= visible;
  const units = overHidden ? hidden : visible;
  if (2 ** units > mostStates)
    throw new ConfigError(
      `The exact partition function sums over the states of ${units} units, which are too many; at most 25 are possible. ` +
        "Estimate it with method: 'ais'.",
    );
  const [own, other] = overHidden ? [hiddenBias, visibleBias] : [visibleBias, hiddenBias];
  const coupling = (unit: number, partner: number): number =>
    overHidden ? (weight[partner * hidden + unit] ?? 0) : (weight[unit * hidden + partner] ?? 0);
  const activation = Float64Array.from({ length: other.length }, (_, i) => other[i] ?? 0);
  const state = new Uint8Array(units);
  let ofState = 0;
  let [largest, scaled] = [Number.NEGATIVE_INFINITY, 0];
  // Gray's code: from each state to the next one unit changes.
  for (let count = 0; count < 2 ** units; count++) {
    if (count > 0) {
      const unit = 31 - Math.clz32(count & -count);
      const sign = state[unit] === 0 ? 1 : -1;
      state[unit] = state[unit] === 0 ? 1 : 0;
      ofState += sign * (own[unit] ?? 0);
      for (let i = 0; i < activation.length; i++) activation[i] = (activation[i] ?? 0) + sign * coupling(unit, i);
    }
    let term = ofState;
    for (let i = 0; i < activation.length; i++) term += softplus(activation[i] ?? 0);
    if (term > largest) {
      scaled = scaled * Math.exp(largest - term) + 1;
      largest = term;
    } else scaled += Math.exp(term - largest);
  }
  return largest + Math.log(scaled);
}

/** log(1 + e^x) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
