// Drawing from a NADE, number by number: the hidden layer of a number is that of the one before with one more row of weights, so a row
// costs D H operations. Where the last number was 0 the hidden layer is still the same.
import type { Random } from '../../runtime/random.js';
import type { NadeNetworkOptions } from './nade-network.js';
import { type Arrays, arrayOf, type RowSampler } from './network.js';
import { sigmoidOf, unitFunction } from './units.js';

/** Rows of a NADE. */
export function nadeSampler(options: NadeNetworkOptions, weights: Arrays): RowSampler {
  const { size, hiddenUnits, activation, classes } = options;
  const act = unitFunction(activation);
  const [w, c] = [arrayOf(weights, 'hidden/weight'), arrayOf(weights, 'hidden/bias')];
  const [v, b] = [arrayOf(weights, 'output/weight'), arrayOf(weights, 'output/bias')];
  const labelHidden = classes === 0 ? undefined : arrayOf(weights, 'hidden/label');
  const labelOutput = classes === 0 ? undefined : arrayOf(weights, 'output/label');
  const sums = new Float64Array(hiddenUnits);
  const hidden = new Float64Array(hiddenUnits);
  return {
    draw(row: Float32Array, label: number, stream: Random) {
      for (let unit = 0; unit < hiddenUnits; unit++) {
        const sum = (c[unit] ?? 0) + (labelHidden?.[label * hiddenUnits + unit] ?? 0);
        sums[unit] = sum;
        hidden[unit] = act(sum);
      }
      for (let number = 0; number < size; number++) {
        const start = number * hiddenUnits;
        let logit = (b[number] ?? 0) + (labelOutput?.[label * size + number] ?? 0);
        for (let unit = 0; unit < hiddenUnits; unit++) logit += (v[start + unit] ?? 0) * (hidden[unit] ?? 0);
        const isOn = stream.next() < sigmoidOf(logit);
        row[number] = Number(isOn);
        if (!isOn) continue;
        for (let unit = 0; unit < hiddenUnits; unit++) {
          const sum = (sums[unit] ?? 0) + (w[start + unit] ?? 0);
          sums[unit] = sum;
          hidden[unit] = act(sum);
        }
      }
    },
  };
}
