// Lowering convolutions of stride 1 by minimal filtering (Winograd): 36 products for the 16 responses of a tile that a 3x3 filter needs
// 144 for, and 2.25 values per pixel between instead of a window's 9. With V, U and Z the factors of images, filters and responses
// (./toom-cook.ts), for each of a tile's factors:
//
//   respond: M = V U, y = A^T M      spread: the same of y, filters turned around      correlate: M = Z^T V, w = G^T M^T
//
// Rounding errors are a few times those of plain sums: tests hold them below seven times. The batch goes through in parts, as many as
// fit the caches.
import type { GraphBuilder } from '../onnx/graph-builder.js';
import { staticDim } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { chainBytes, joined, partLengths } from './convolution-parts.js';
import type { WindowGeometry } from './window.js';
import {
  filterFactors,
  filterRows,
  imageFactors,
  imageTilesReachOut,
  responseFactors,
  responseRows,
  responseTilesReachOut,
  tiledParts,
  turnedFactors,
} from './winograd-factors.js';
import { type TiledAxes, tileCounts, tilesOf, tilesPay } from './winograd-tiles.js';

/** The responses in rows, [N * H' * W', F]; undefined where windows are as good. */
export function lowerMinimalResponse(
  graph: GraphBuilder,
  [x, w]: readonly [string, string],
  image: Tensor,
  filter: Tensor,
  geometry: WindowGeometry,
): string | undefined {
  const [channels, filters] = [channelsOf(image), channelsOf(filter)];
  const plan = planOf(graph, image, filters, geometry);
  if (plan === undefined) return undefined;
  return filtered(graph, x, image, filterFactors(graph, w, channels, filters, plan.axes), filters, plan);
}

/**
 * The pixels of a transposed convolution in rows, [N * H * W, C]; undefined where windows are as good.
 *
 * @param geometry of the convolution of the responses that it is
 */
export function lowerMinimalSpread(
  graph: GraphBuilder,
  [y, w]: readonly [string, string],
  response: Tensor,
  filter: Tensor,
  geometry: WindowGeometry,
): string | undefined {
  const [channels, filters] = [staticDim(filter.dim(2), 'The number of channels'), channelsOf(response)];
  const plan = planOf(graph, response, channels, geometry);
  if (plan === undefined) return undefined;
  return filtered(graph, y, response, turnedFactors(graph, w, channels, filters, plan.axes), channels, plan);
}

/** The filters' correlation in rows, [k * l, C * F]; undefined where windows are as good. */
export function lowerMinimalCorrelation(
  graph: GraphBuilder,
  [x, y]: readonly [string, string],
  image: Tensor,
  response: Tensor,
  geometry: WindowGeometry,
): string | undefined {
  const [channels, filters] = [channelsOf(image), channelsOf(response)];
  const plan = planOf(graph, image, filters, geometry);
  if (plan === undefined) return undefined;
  const { axes, parts } = plan;
  const images = tiledParts(graph, x, image, parts, imageTilesReachOut(axes));
  const responses = tiledParts(graph, y, response, parts, responseTilesReachOut(axes));
  // The responses are turned, not the images: their factors have just been written, and those of images come from further away.
  const products = images.map((part, index) => {
    const z = responseFactors(graph, responses[index] ?? part, filters, axes);
    const turned = graph.node('Transpose', [z], { perm: [0, 2, 1] });
    return graph.node('MatMul', [turned, imageFactors(graph, part, channels, axes)]);
  });
  const sum = products.reduce((total, product) => graph.node('Add', [total, product]));
  return filterRows(graph, graph.node('Transpose', [sum], { perm: [0, 2, 1] }), axes);
}

/** Whether images are filtered minimally. */
export function isMinimal(graph: GraphBuilder, image: Tensor, filters: number, geometry: WindowGeometry): boolean {
  return planOf(graph, image, filters, geometry) !== undefined;
}

/** How a batch is filtered: its tiles, and the lengths of its parts. */
interface Plan {
  readonly axes: TiledAxes;
  readonly parts: readonly number[];
}

function planOf(graph: GraphBuilder, image: Tensor, filters: number, geometry: WindowGeometry): Plan | undefined {
  const axes = tilesOf(geometry);
  const channels = channelsOf(image);
  if (image.dtype !== 'float32' || axes === undefined || !tilesPay(axes, channels, filters)) return undefined;
  const { factors, tiles } = tileCounts(axes);
  const parts = partLengths(graph, image.dim(0), 4 * factors * tiles * Math.max(channels, filters), chainBytes);
  return parts && { axes, parts };
}

function filtered(
  graph: GraphBuilder,
  x: string,
  image: Tensor,
  factors: string,
  filters: number,
  { axes, parts }: Plan,
): string {
  const products = tiledParts(graph, x, image, parts, imageTilesReachOut(axes)).map((part) => ({
    images: part.images,
    values: graph.node('MatMul', [imageFactors(graph, part, channelsOf(image), axes), factors]),
  }));
  const rows = (bias?: string): string =>
    joined(
      graph,
      products.map(({ images, values }) => responseRows(graph, values, images, filters, axes, bias)),
    );
  return graph.takesRow(rows(), filters, rows);
}

function channelsOf(tensor: Tensor): number {
  return staticDim(tensor.dim(3), 'The number of channels');
}
