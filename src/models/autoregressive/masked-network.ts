// The masked network of MADE (Germain et al. 2015): dense layers whose weights are multiplied by masks of zeros and ones, so that no path
// leads from a number to its own conditional or to that of an earlier number.
//
//   h = g(c + (W * M) x + U_y),   values = b + (V * M') h + (A * M'') x + B_y
//
// Without hidden layers, and with direct connections A, it is a fully visible sigmoid belief network.
import { initialisers } from '../../nn/initialisers.js';
import { type ParameterSpec, type ParameterSpecs, statistic, weight } from '../../nn/layer.js';
import type { Tensors } from '../../nn/network.js';
import { float32, type Values } from '../../runtime/runtime.js';
import {
  add,
  cast,
  constant,
  customGradient,
  divide,
  gather,
  lessEqual,
  log,
  matmul,
  multiply,
  oneHot,
  reshape,
  subtract,
} from '../../tensor/index.js';
import { labelled, type Tensor } from '../../tensor/tensor.js';
import type { Survey } from '../survey.js';
import type { Connectivity } from './connectivity.js';
import { maskedSampler } from './masked-sampler.js';
import { type AutoregressiveNetwork, type Condition, tensorOf } from './network.js';
import type { Output } from './output.js';
import { type UnitName, unitExpression } from './units.js';

/** What a masked network consists of. */
export interface MaskedNetworkOptions {
  /** Numbers in a row. */
  readonly size: number;
  readonly hiddenLayers: readonly number[];
  readonly activation: UnitName;
  /** Whether numbers also act on later ones' conditionals without a hidden layer between. */
  readonly directConnections: boolean;
  /** How many classes rows can have; 0 for none. */
  readonly classes: number;
  readonly output: Output;
  readonly connectivities: readonly Connectivity[];
}

/** A network of masked dense layers. */
export function maskedNetwork(options: MaskedNetworkOptions): AutoregressiveNetwork {
  const { size, output, connectivities } = options;
  return {
    parameters: parametersOf(options),
    views: connectivities.length,
    conditionals: (x, weights, condition) => {
      if (!output.standardises) return output.logProb(valuesOf(options, x, weights, condition), x);
      const scale = tensorOf(weights, 'input/scale');
      const z = divide(subtract(x, tensorOf(weights, 'input/mean')), scale);
      return subtract(output.logProb(valuesOf(options, z, weights, condition), z), log(scale));
    },
    initial: (found, rows) => ({
      'output/bias': float32(output.initial(found, rows), [output.parameters * size]),
      ...(output.standardises ? momentsOf(found) : {}),
    }),
    sampler: (weights, view) => maskedSampler(options, weights, view),
  };
}

/** Who may act on whom in one layer: the giving units by degree, the taking ones, and the step between the two. */
interface Wiring {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** A taker sees givers whose degree is at most its own minus this. */
  readonly less: 0 | 1;
  /** The degrees of givers and takers in a connectivity. */
  degrees(connectivity: Connectivity): readonly [Uint32Array, Uint32Array];
}

/** The masked layers, from the first to the last. Places of numbers are their degrees. */
function wirings({ size, hiddenLayers, directConnections, output }: MaskedNetworkOptions): Wiring[] {
  const ofOutput = ({ places }: Connectivity): Uint32Array =>
    Uint32Array.from({ length: output.parameters * size }, (_, i) => places[i % size] ?? 0);
  const hidden = hiddenLayers.map((units, layer): Wiring => {
    const below = (connectivity: Connectivity) =>
      layer === 0 ? connectivity.places : (connectivity.degrees[layer - 1] ?? new Uint32Array());
    return {
      name: hiddenName(layer),
      from: layer === 0 ? size : (hiddenLayers[layer - 1] ?? 0),
      to: units,
      less: 0,
      degrees: (connectivity) => [below(connectivity), connectivity.degrees[layer] ?? new Uint32Array()],
    };
  });
  const values = { to: output.parameters * size, less: 1 } as const;
  const last = hiddenLayers.at(-1);
  return [
    ...hidden,
    ...(last === undefined
      ? []
      : [
          {
            ...values,
            name: 'output',
            from: last,
            degrees: (connectivity: Connectivity) =>
              [connectivity.degrees.at(-1) ?? new Uint32Array(), ofOutput(connectivity)] as const,
          },
        ]),
    ...(directConnections
      ? [
          {
            ...values,
            name: 'direct',
            from: size,
            degrees: (connectivity: Connectivity) => [connectivity.places, ofOutput(connectivity)] as const,
          },
        ]
      : []),
  ];
}

function hiddenName(layer: number): string {
  return `hidden${layer + 1}`;
}

function parametersOf(options: MaskedNetworkOptions): ParameterSpecs {
  const { size, hiddenLayers, classes, output, connectivities } = options;
  const values = output.parameters * size;
  const zeros = initialisers.zeros();
  const biases = [
    ...hiddenLayers.map((units, layer) => [hiddenName(layer), units] as const),
    ['output', values] as const,
  ];
  const [only] = connectivities.length === 1 ? connectivities : [];
  return Object.fromEntries<ParameterSpec>([
    ...wirings(options).map((wiring): [string, ParameterSpec] => {
      // Small at the end, so that a training starts at what the biases say of the data.
      const initialise = wiring.less === 1 ? initialisers.normal(0.01) : initialisers.glorotUniform();
      return [
        `${wiring.name}/weight`,
        weight([wiring.from, wiring.to], (shape, stream, fans) => {
          const drawn = initialise(shape, stream, fans);
          return only === undefined ? drawn : masked(drawn, wiring, only);
        }),
      ];
    }),
    ...biases.map(([name, units]): [string, ParameterSpec] => [`${name}/bias`, weight([units], zeros)]),
    ...(classes === 0
      ? []
      : biases.map(([name, units]): [string, ParameterSpec] => [`${name}/label`, weight([classes, units], zeros)])),
    ...(output.standardises
      ? [
          ['input/mean', statistic([size], zeros)] as const,
          ['input/scale', statistic([size], initialisers.ones())] as const,
        ]
      : []),
  ]);
}

/** What the network says about each conditional, [N, parameters * D]. */
function valuesOf(options: MaskedNetworkOptions, x: Tensor, weights: Tensors, { view, labels }: Condition): Tensor {
  const { classes, activation, connectivities } = options;
  const ofClass = labels === undefined || classes === 0 ? undefined : oneHot(labels, classes);
  const shifted = (name: string, product: Tensor): Tensor => {
    const sum = add(product, tensorOf(weights, `${name}/bias`));
    return ofClass === undefined ? sum : add(sum, matmul(ofClass, tensorOf(weights, `${name}/label`)));
  };
  const product = (from: Tensor, wiring: Wiring): Tensor => {
    const all = tensorOf(weights, `${wiring.name}/weight`);
    const mask = maskOf(wiring, connectivities, view);
    return matmul(from, connectivities.length === 1 ? keptMasked(all, mask) : multiply(all, mask));
  };
  const act = unitExpression(activation);
  let hidden = x;
  let values: Tensor | undefined;
  for (const wiring of wirings(options)) {
    if (wiring.less === 0) hidden = labelled(wiring.name, act(shifted(wiring.name, product(hidden, wiring))));
    else {
      const part = product(wiring.name === 'direct' ? x : hidden, wiring);
      values = labelled(wiring.name, values === undefined ? shifted('output', part) : add(values, part));
    }
  }
  // With nothing that any number could act through, only the biases are left.
  return values ?? shifted('output', multiply(x, 0));
}

/** 1 where a giver may act on a taker, else 0: [from, to]. */
function maskOf({ less, degrees }: Wiring, connectivities: readonly Connectivity[], view: Tensor): Tensor {
  const [givers, takers] = ([0, 1] as const).map((side) => {
    const lists = connectivities.map((connectivity) => degrees(connectivity)[side]);
    const length = lists[0]?.length ?? 0;
    const all = constant(
      lists.flatMap((list) => [...list]),
      [lists.length, length],
    );
    return lists.length === 1 ? reshape(all, [length]) : gather(all, view);
  });
  if (givers === undefined || takers === undefined) return constant([1], [1, 1]);
  return cast(lessEqual(reshape(givers, [-1, 1]), reshape(subtract(takers, less), [1, -1])), 'float32');
}

/**
 * A weight that is zero wherever its mask is, from its initial value on: with its gradient masked it stays so, and nothing has to be
 * multiplied on the way forward.
 */
function keptMasked(weightTensor: Tensor, mask: Tensor): Tensor {
  return customGradient(weightTensor, [weightTensor], (_, gradient) => [multiply(gradient, mask)]);
}

/** The same in numbers, in place. */
function masked(values: Float32Array<ArrayBuffer>, { from, to, less, degrees }: Wiring, connectivity: Connectivity) {
  const [givers, takers] = degrees(connectivity);
  for (let i = 0; i < from; i++)
    for (let j = 0; j < to; j++) if ((givers[i] ?? 0) > (takers[j] ?? 0) - less) values[i * to + j] = 0;
  return values;
}

/** Constant columns keep their scale: there is nothing to divide by. */
function momentsOf({ means, squares }: Survey): Values {
  const scales = squares.map((square, i) => Math.sqrt(Math.max(0, square - (means[i] ?? 0) ** 2)));
  return {
    'input/mean': float32(Float32Array.from(means), [means.length]),
    'input/scale': float32(
      Float32Array.from(scales, (scale, i) => (scale > 1e-6 * Math.max(1, Math.abs(means[i] ?? 0)) ? scale : 1)),
      [means.length],
    ),
  };
}
