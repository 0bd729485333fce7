// Drawing pixel by pixel without computing anything twice. What a layer has computed of a pixel's past stays as it is when further
// pixels become known, so it is kept:
//
//   row program    the vertical stack of one row, once per row, from the rows above it that its filters reach
//   pixel program  the horizontal stack, the distribution and the draw of one pixel, from the pixels to its left that its filters reach
//
// A whole image costs about one pass of the network, where computing every pixel by a pass over the image costs height x width of them.
import {
  add,
  concat,
  conv2d,
  matmul,
  multiply,
  oneHot,
  reshape,
  slice,
  squeeze,
  stack,
  transpose,
} from '../../../tensor/index.js';
import { input } from '../../../tensor/operators/source.js';
import { batchInput, type Program, type StepProgram, type Variable } from '../../../tensor/program.js';
import { batch } from '../../../tensor/shape.js';
import type { Tensor } from '../../../tensor/tensor.js';
import {
  type Architecture,
  horizontalPixels,
  parametersOf,
  reachOf,
  scope,
  verticalRows,
  type Weights,
} from './architecture.js';
import type { PixelOutput } from './outputs.js';
import { gate, headOf, withBorder } from './stacks.js';

/** The name of what is kept of a layer's input: the rows above, or the pixels to the left. */
export const keptName = (stack: 'rows' | 'pixels', layer: number): string => `${stack}${layer}`;

/** The name of the row program's result that the next row takes as {@link keptName}. */
export const nextRows = (layer: number): string => `${keptName('rows', layer)}/next`;

/** What the row program keeps of each layer's input, [N, rows, W, channels]: all but the newest of the rows that its filters cover. */
export function keptRows(architecture: Architecture): number[][] {
  return Array.from({ length: architecture.layers + 1 }, (_, layer) => {
    const reach = reachOf(architecture, layer);
    return [verticalRows(reach, layer) - 1, architecture.width, reach.inputs];
  });
}

/** What the pixel program keeps of each layer's input, [N, pixels, channels]. */
export function keptPixels(architecture: Architecture): number[][] {
  return Array.from({ length: architecture.layers + 1 }, (_, layer) => {
    const { aside, inputs } = reachOf(architecture, layer);
    return [aside, inputs];
  });
}

/**
 * The vertical stack of one row. Inputs: `row` [N, 1, W, C], the pixels of the row above (any numbers for the first row), `isLater`
 * [1] 0 for the first row and 1 for others, `rows0` ... as {@link keptRows}, `label` [N] int64 for conditional models. Results: `rows0/next` ... for the next row, and
 * `links` [W, N, layers + 1, 2 filters], what the horizontal stack takes of each layer.
 */
export function rowProgram(architecture: Architecture, weights: Weights): Program {
  const { width, channels, filters, classes } = architecture;
  const isLater = input('isLater', [1]);
  // Above the first row there is no row: not even its border channel.
  const withBorderRow = multiply(withBorder(batchInput('row', [1, width, channels])), isLater);
  const ofClass = classes === 0 ? undefined : oneHot(batchInput('label', [], 'int64'), classes);
  const results: Record<string, Tensor> = {};
  const links: Tensor[] = [];
  let above: Tensor | undefined;
  for (const [layer, shape] of keptRows(architecture).entries()) {
    const reach = reachOf(architecture, layer);
    const newest = above === undefined ? withBorderRow : gate(above);
    const rows = shape[0] === 0 ? newest : concat([batchInput(keptName('rows', layer), shape), newest], 1);
    if (shape[0] !== 0) results[nextRows(layer)] = slice(rows, 1, 1);
    const shift = (stackName: string): Tensor => {
      const bias = weights(`layer${layer}/${stackName}/bias`);
      if (ofClass === undefined) return bias;
      return reshape(add(matmul(ofClass, weights(`layer${layer}/${stackName}/label`)), bias), [
        batch,
        1,
        1,
        2 * filters,
      ]);
    };
    above = add(
      conv2d(rows, weights(`layer${layer}/vertical/weight`), { padding: [0, 0, reach.aside, reach.aside] }),
      shift('vertical'),
    );
    links.push(squeeze(add(matmul(above, weights(`layer${layer}/link/weight`)), shift('horizontal')), 1));
  }
  results.links = transpose(stack(links, 2), [1, 0, 2, 3]);
  return { name: 'pixelcnn-row', results };
}

/**
 * One pixel of `count` images per step. Variables: `column` the number of the pixel, `drawn` [count, W, C] the row so far, `pixels0` ...
 * as {@link keptPixels}, and the weights. Feeds: `link` [count, layers + 1, 2 filters], `uniform` [count, C, draws].
 */
export function pixelProgram(
  architecture: Architecture,
  output: PixelOutput,
  weights: Weights,
  rename: (name: string) => string,
  count: number,
): StepProgram {
  const { layers, width, channels, channelOrder } = architecture;
  const variables: Record<string, Variable> = Object.fromEntries(
    pixelWeights(architecture).map((name) => {
      const current = weights(name);
      return [rename(`${scope}/${name}`), { current, next: current }];
    }),
  );
  const link = input('link', [count, layers + 1, 2 * architecture.filters]);
  const uniform = input('uniform', [count, channels, output.draws]);
  let known: Tensor | undefined;
  let pastPixels: Tensor | undefined;
  for (const [layer, shape] of keptPixels(architecture).entries()) {
    const key = keptName('pixels', layer);
    const kept = input(key, [count, ...shape]);
    const [pixels, inputs] = [horizontalPixels(reachOf(architecture, layer), layer), Number(shape[1])];
    const window = known === undefined ? kept : concat([kept, reshape(known, [count, 1, inputs])], 1);
    if (layer === 0) pastPixels = kept;
    else variables[key] = { current: kept, next: slice(window, 1, 1) };
    const filters = reshape(weights(`layer${layer}/horizontal/weight`), [pixels * inputs, 2 * architecture.filters]);
    const left = matmul(reshape(window, [count, pixels * inputs]), filters);
    const gated = gate(add(left, squeeze(slice(link, 1, layer, layer + 1), 1)));
    const out = matmul(gated, weights(`layer${layer}/out/weight`));
    known = known === undefined ? out : add(known, out);
  }
  const values: Tensor[] = [];
  for (const [place, channel] of channelOrder.entries()) {
    const before = (number: number): Tensor => values[channelOrder.indexOf(number)] ?? uniform;
    const parameters = headOf(architecture, place, known ?? uniform, before, weights);
    values.push(output.sample(parameters, squeeze(slice(uniform, 1, channel, channel + 1), 1)));
  }
  const pixel = concat(
    channelOrder.map((_, channel) => values[channelOrder.indexOf(channel)] ?? uniform),
    -1,
  );
  const column = input('column', [1], 'int64');
  const place = reshape(oneHot(column, width), [1, width, 1]);
  const drawn = input('drawn', [count, width, channels]);
  variables.column = { current: column, next: add(column, 1) };
  variables.drawn = { current: drawn, next: add(drawn, multiply(place, reshape(pixel, [count, 1, channels]))) };
  if (pastPixels !== undefined) {
    const newest = withBorder(reshape(pixel, [count, 1, channels]));
    variables[keptName('pixels', 0)] = { current: pastPixels, next: shifted(pastPixels, newest) };
  }
  return { name: 'pixelcnn-pixel', variables, metrics: {} };
}

/** The weights that the pixel program needs, without the scope: what the row program has not added yet. */
function pixelWeights(architecture: Architecture): string[] {
  const isVertical = /\/(vertical|link)\/|\/label$|horizontal\/bias$/;
  return Object.keys(parametersOf(architecture)).flatMap((name) =>
    isVertical.test(name) ? [] : [name.slice(scope.length + 1)],
  );
}

/** What is kept, without its oldest part and with the newest, along axis 1. */
function shifted(kept: Tensor, newest: Tensor): Tensor {
  return kept.dim(1) === 1 ? newest : concat([slice(kept, 1, 1), newest], 1);
}
