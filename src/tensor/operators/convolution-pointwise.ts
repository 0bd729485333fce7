// Lowering convolutions with filters of one place, at stride 1 and without zeros around: they are products of the pixels as they lie, in rows,
// and need neither windows nor channels in blocks, which would only be copied.
//
//   respond: y = x w      spread: x = y w'      correlate: w = x'y
import type { GraphBuilder } from '../onnx/graph-builder.js';
import { type Dim, multiplyDims, type Shape, staticDim } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { filterMatrix } from './convolution-patches.js';
import type { WindowGeometry } from './window.js';

/** The responses in rows, [N * H * W, F]; undefined for filters of more places, or that leave pixels out or go beyond the image. */
export function lowerPointwiseResponse(
  graph: GraphBuilder,
  [x, w]: readonly [string, string],
  image: Tensor,
  filter: Tensor,
  geometry: WindowGeometry,
): string | undefined {
  if (!isPointwise(geometry)) return undefined;
  return graph.product([rows(graph, x, image), filterMatrix(graph, w, filter)], rowsOf(image, filter.dim(3)));
}

/** The pixels of a transposed convolution in rows, [N * H * W, C]; undefined as above. */
export function lowerPointwiseSpread(
  graph: GraphBuilder,
  [y, w]: readonly [string, string],
  response: Tensor,
  filter: Tensor,
  geometry: WindowGeometry,
): string | undefined {
  if (!isPointwise(geometry)) return undefined;
  const operands = [rows(graph, y, response), filterMatrix(graph, w, filter)] as const;
  return graph.product(operands, rowsOf(response, filter.dim(2)), { transB: 1 });
}

/** The filters' correlation, [C, F]; undefined as above. */
export function lowerPointwiseCorrelation(
  graph: GraphBuilder,
  [x, y]: readonly [string, string],
  image: Tensor,
  response: Tensor,
  geometry: WindowGeometry,
): string | undefined {
  if (!isPointwise(geometry)) return undefined;
  return graph.node('Gemm', [rows(graph, x, image), rows(graph, y, response)], { transA: 1 });
}

/** Whether filters have one place and meet every pixel. */
export function isPointwise({ kernel, stride, padding }: WindowGeometry): boolean {
  return [...kernel, ...stride].every((length) => length === 1) && padding.every((side) => side === 0);
}

function rows(graph: GraphBuilder, name: string, pixels: Tensor): string {
  return graph.node('Reshape', [name, graph.int64s([-1, staticDim(pixels.dim(3), 'The number of channels')])]);
}

/** The shape of as many rows as there are pixels. */
function rowsOf({ shape }: Tensor, width: Dim): Shape {
  return [shape.slice(0, 3).reduce<Dim>(multiplyDims, 1), width];
}
