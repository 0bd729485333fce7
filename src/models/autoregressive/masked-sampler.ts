// Drawing from a masked network, number by number in its order. A unit of degree m depends on the numbers at places 0 to m only: it is
// computed once, as soon as they are known, so that a whole row costs one pass through the network instead of one for each number.
import type { Random } from '../../runtime/random.js';
import { type MaskedNetworkOptions, wiringsOf } from './masked-network.js';
import { wholeWeights } from './masked-weights.js';
import { type Arrays, arrayOf, type RowSampler } from './network.js';
import { unitFunction } from './units.js';

/** One hidden layer, its units in the order of their degrees. */
interface SampledLayer {
  readonly bias: Float32Array;
  readonly label: Float32Array | undefined;
  /** [units, givers]: what each unit takes from those below, both in order, so that what it may see stands in front. */
  readonly weight: Float32Array;
  readonly givers: number;
  readonly units: Uint32Array;
  /** How many units have at most the degree. */
  readonly ends: Uint32Array;
}

/** Rows of a masked network under one of its views. */
export function maskedSampler(options: MaskedNetworkOptions, weights: Arrays, view: number): RowSampler {
  const { size, hiddenLayers, activation, directConnections, classes, output, connectivities } = options;
  const { order = new Uint32Array(), degrees = [] } = connectivities[view] ?? {};
  const act = unitFunction(activation);
  const { parameters } = output;
  const wirings = wiringsOf(options);
  const whole = (name: string): Float32Array => {
    const wiring = wirings.find((one) => one.name === name);
    return wiring === undefined ? new Float32Array() : wholeWeights(wiring, weights);
  };
  const layers: SampledLayer[] = [];
  let below: Uint32Array = order;
  for (const [layer, own] of degrees.entries()) {
    const name = `hidden${layer + 1}`;
    const units = Uint32Array.from(own.keys()).sort((a, b) => (own[a] ?? 0) - (own[b] ?? 0) || a - b);
    const ends = new Uint32Array(size);
    for (const degree of own) ends[degree] = (ends[degree] ?? 0) + 1;
    for (let degree = 1; degree < size; degree++) ends[degree] = (ends[degree] ?? 0) + (ends[degree - 1] ?? 0);
    layers.push({
      bias: arrayOf(weights, `${name}/bias`),
      label: classes === 0 ? undefined : arrayOf(weights, `${name}/label`),
      weight: turned(whole(name), below, units, own.length),
      givers: below.length,
      units,
      ends,
    });
    below = units;
  }
  const values = Uint32Array.from({ length: parameters * size }, (_, i) => {
    // Place by place, the parameters of a place together.
    const [place, parameter] = [Math.floor(i / parameters), i % parameters];
    return parameter * size + (order[place] ?? 0);
  });
  const last = layers.at(-1);
  const outward = last === undefined ? undefined : turned(whole('output'), below, values, values.length);
  const direct = directConnections ? turned(whole('direct'), order, values, values.length) : undefined;
  const bias = arrayOf(weights, 'output/bias');
  const labelBias = classes === 0 ? undefined : arrayOf(weights, 'output/label');
  const mean = output.standardises ? arrayOf(weights, 'input/mean') : undefined;
  const scale = output.standardises ? arrayOf(weights, 'input/scale') : undefined;

  const known = new Float64Array(size);
  const hidden = hiddenLayers.map((units) => new Float64Array(units));
  const top = hidden.at(-1) ?? known;
  const said = new Float64Array(parameters);
  return {
    draw(row: Float32Array, label: number, stream: Random) {
      for (let place = 0; place < size; place++) {
        const number = order[place] ?? 0;
        const seen = place === 0 ? 0 : (last?.ends[place - 1] ?? 0);
        for (let parameter = 0; parameter < parameters; parameter++) {
          const value = values[place * parameters + parameter] ?? 0;
          let sum = (bias[value] ?? 0) + (labelBias?.[label * parameters * size + value] ?? 0);
          if (outward !== undefined) sum += dot(outward, (place * parameters + parameter) * top.length, top, seen);
          if (direct !== undefined) sum += dot(direct, (place * parameters + parameter) * size, known, place);
          said[parameter] = sum;
        }
        const drawn = output.draw(said, stream);
        row[number] = mean === undefined ? drawn : (mean[number] ?? 0) + (scale?.[number] ?? 1) * drawn;
        // What later numbers see is what stands in the row, in float32.
        known[place] = mean === undefined ? drawn : ((row[number] ?? 0) - (mean[number] ?? 0)) / (scale?.[number] ?? 1);
        for (const [layer, { weight, givers, units, ends, bias: own, label: ofClass }] of layers.entries()) {
          const from = layer === 0 ? known : hidden[layer - 1];
          const to = hidden[layer];
          if (from === undefined || to === undefined) continue;
          const visible = layer === 0 ? place + 1 : (layers[layer - 1]?.ends[place] ?? 0);
          const end = ends[place] ?? 0;
          for (let i = place === 0 ? 0 : (ends[place - 1] ?? 0); i < end; i++) {
            const unit = units[i] ?? 0;
            const shift = (own[unit] ?? 0) + (ofClass?.[label * units.length + unit] ?? 0);
            to[i] = act(shift + dot(weight, i * givers, from, visible));
          }
        }
      }
    },
  };
}

/** The weight [givers, takers] as [takers, givers], both put into an order. */
function turned(weight: Float32Array, givers: Uint32Array, takers: Uint32Array, columns: number): Float32Array {
  const result = new Float32Array(takers.length * givers.length);
  for (let i = 0; i < givers.length; i++) {
    const start = (givers[i] ?? 0) * columns;
    for (let j = 0; j < takers.length; j++) result[j * givers.length + i] = weight[start + (takers[j] ?? 0)] ?? 0;
  }
  return result;
}

/** The product of a row of weights, from `start`, with the first `count` values. */
function dot(weights: Float32Array, start: number, values: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (weights[start + i] ?? 0) * (values[i] ?? 0);
  return sum;
}
