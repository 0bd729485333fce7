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
import { add, constant, divide, log, matmul, oneHot, subtract } from '../../tensor/index.js';
import { labelled, type Tensor } from '../../tensor/tensor.js';
import type { Survey } from '../survey.js';
import { type Connectivity, orderOf } from './connectivity.js';
import { maskedSampler } from './masked-sampler.js';
import { maskedParameters, maskedProduct, type Wiring } from './masked-weights.js';
import { type AutoregressiveNetwork, type Condition, tensorOf } from './network.js';
import type { Output } from './output.js';
import { reordered } from './reordered.js';
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
  const [only, another] = options.connectivities;
  if (only === undefined || another !== undefined) return maskedLayers(options);
  // With one order only, the numbers are put into it beforehand, so that the weights make stairs.
  const raster = orderOf(options.size, 'raster', 0);
  const connectivities = [{ ...only, order: raster, places: raster }];
  return reordered(only.order, maskedLayers({ ...options, connectivities }));
}

function maskedLayers(options: MaskedNetworkOptions): AutoregressiveNetwork {
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

/** The masked layers, from the first to the last. The degree of a number is its place. */
export function wiringsOf(options: MaskedNetworkOptions): Wiring[] {
  const { size, hiddenLayers, directConnections, output, connectivities } = options;
  const places = connectivities.map((connectivity) => connectivity.places);
  const degreesOf = (layer: number): Uint32Array[] =>
    connectivities.map(({ degrees }) => degrees[layer] ?? new Uint32Array());
  const values = {
    to: output.parameters * size,
    less: 1,
    takers: places.map((own) =>
      Uint32Array.from({ length: output.parameters * size }, (_, value) => own[value % size] ?? 0),
    ),
  } as const;
  const wirings = hiddenLayers.map((units, layer): Wiring => {
    const first = layer === 0;
    return {
      name: hiddenName(layer),
      from: first ? size : (hiddenLayers[layer - 1] ?? 0),
      to: units,
      less: 0,
      givers: first ? places : degreesOf(layer - 1),
      takers: degreesOf(layer),
    };
  });
  const last = hiddenLayers.length - 1;
  if (last >= 0) wirings.push({ ...values, name: 'output', from: hiddenLayers[last] ?? 0, givers: degreesOf(last) });
  if (directConnections) wirings.push({ ...values, name: 'direct', from: size, givers: places });
  return wirings;
}

function hiddenName(layer: number): string {
  return `hidden${layer + 1}`;
}

function parametersOf(options: MaskedNetworkOptions): ParameterSpecs {
  const { size, hiddenLayers, classes, output } = options;
  const values = output.parameters * size;
  const zeros = initialisers.zeros();
  const biases = [
    ...hiddenLayers.map((units, layer) => [hiddenName(layer), units] as const),
    ['output', values] as const,
  ];
  return Object.fromEntries<ParameterSpec>([
    // Small at the end, so that a training starts at what the biases say of the data.
    ...wiringsOf(options).flatMap((wiring) =>
      maskedParameters(wiring, wiring.less === 1 ? initialisers.normal(0.01) : initialisers.glorotUniform()),
    ),
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
  const { size, output, classes, activation } = options;
  const ofClass = labels === undefined || classes === 0 ? undefined : oneHot(labels, classes);
  const shifted = (name: string, product: Tensor): Tensor => {
    const sum = add(product, tensorOf(weights, `${name}/bias`));
    return ofClass === undefined ? sum : add(sum, matmul(ofClass, tensorOf(weights, `${name}/label`)));
  };
  const act = unitExpression(activation);
  let hidden = x;
  let values: Tensor | undefined;
  for (const wiring of wiringsOf(options)) {
    const isHidden = wiring.less === 0;
    const part = maskedProduct(wiring.name === 'direct' ? x : hidden, wiring, weights, view);
    if (part === undefined) continue;
    if (isHidden) hidden = labelled(wiring.name, act(shifted(wiring.name, part)));
    else values = labelled(wiring.name, values === undefined ? shifted('output', part) : add(values, part));
  }
  // Where no number acts on another, only the biases are left.
  return (
    values ??
    shifted(
      'output',
      matmul(x, constant(new Float32Array(size * output.parameters * size), [size, output.parameters * size])),
    )
  );
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
