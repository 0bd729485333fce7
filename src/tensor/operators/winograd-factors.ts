// The linear maps of minimal filtering as nodes: images, filters and responses to factors, and products of factors back. Factors come
// first, [t * t, rows, columns], so that one batched matrix product multiplies all, and each map is one product with a small constant.
import type { GraphBuilder } from '../onnx/graph-builder.js';
import type { Tensor } from '../tensor.js';
import { kronecker, type Matrix, transposed } from './toom-cook.js';
import { type TiledAxes, tileCounts } from './winograd-tiles.js';

/** A map of both axes. */
function mapOf([rows, columns]: TiledAxes, map: 'input' | 'filter' | 'output'): Matrix {
  return kronecker(rows.filtering[map], columns.filtering[map]);
}

/** A map times values [columns of the map, rest], plus a row [rest] if there is one. */
function mapped(graph: GraphBuilder, matrix: Matrix, values: string, row?: string): string {
  const columns = matrix[0]?.length ?? 0;
  const flat = graph.node('Reshape', [values, graph.int64s([columns, -1])]);
  const map = graph.constant('float32', [matrix.length, columns], matrix.flat());
  return graph.node('Gemm', [map, flat, ...(row === undefined ? [] : [row])]);
}

function rowsAt(graph: GraphBuilder, values: string, width: number, index: readonly number[]): string {
  const rows = graph.node('Reshape', [values, graph.int64s([-1, width])]);
  return graph.node('Gather', [rows, graph.constant('int64', [index.length], index)], { axis: 0 });
}

/** Some images of a batch. All parts read the batch's pixels where they lie. */
export interface TiledPart {
  /** The pixels of all images in rows, and below them zeros where tiles reach beyond an image. */
  readonly rows: string;
  /** The row of zeros. */
  readonly zeros: number;
  /** The first image of the part, and how many it has. */
  readonly first: number;
  readonly images: number;
}

/** Images [N, ., ., width] in parts of some lengths. */
export function tiledParts(
  graph: GraphBuilder,
  name: string,
  { shape, dtype }: Tensor,
  lengths: readonly number[],
  reachesOut: boolean,
): TiledPart[] {
  const [images = 1, height = 1, width = 1, channels = 1] = shape.map(Number);
  const zeros = images * height * width;
  const pixels = graph.node('Reshape', [name, graph.int64s([zeros, channels])]);
  const row = graph.constant(dtype, [1, channels], new Array<number>(channels).fill(0));
  const rows = reachesOut ? graph.node('Concat', [pixels, row], { axis: 0 }) : pixels;
  let first = 0;
  return lengths.map((length) => {
    first += length;
    return { rows, zeros, first: first - length, images: length };
  });
}

/** Images [n, H, W, C] to factors [t * t, n * tiles, C]. */
export function imageFactors(
  graph: GraphBuilder,
  { rows: pixels, zeros, first, images }: TiledPart,
  channels: number,
  axes: TiledAxes,
): string {
  const [rows, columns] = axes;
  const { factors, tiles } = tileCounts(axes);
  const index: number[] = [];
  for (let i = 0; i < rows.filtering.size; i++)
    for (let j = 0; j < columns.filtering.size; j++)
      for (let image = first; image < first + images; image++)
        for (let u = 0; u < rows.tiles; u++)
          for (let v = 0; v < columns.tiles; v++) {
            const y = rows.filtering.outputs * u + i - rows.before;
            const x = columns.filtering.outputs * v + j - columns.before;
            const isInside = y >= 0 && y < rows.size && x >= 0 && x < columns.size;
            index.push(isInside ? (image * rows.size + y) * columns.size + x : zeros);
          }
  const product = mapped(graph, mapOf(axes, 'input'), rowsAt(graph, pixels, channels, index));
  return graph.node('Reshape', [product, graph.int64s([factors, images * tiles, channels])]);
}

/** Whether tiles of images reach beyond them. */
export function imageTilesReachOut(axes: TiledAxes): boolean {
  return axes.some(({ before, length, size }) => before > 0 || length > size);
}

/** Products [t * t, n * tiles, F] to the responses in rows, [n * H' * W', F], plus a bias [F] if there is one. */
export function responseRows(
  graph: GraphBuilder,
  products: string,
  images: number,
  filters: number,
  axes: TiledAxes,
  bias?: string,
): string {
  const [rows, columns] = axes;
  const [height, width] = [rows.filtering.outputs, columns.filtering.outputs];
  const index: number[] = [];
  for (let image = 0; image < images; image++)
    for (let y = 0; y < rows.responses; y++)
      for (let x = 0; x < columns.responses; x++) {
        const place = (y % height) * width + (x % width);
        const tile = (image * rows.tiles + Math.floor(y / height)) * columns.tiles + Math.floor(x / width);
        index.push(place * images * rows.tiles * columns.tiles + tile);
      }
  const tiles = images * rows.tiles * columns.tiles;
  const repeated = bias === undefined ? undefined : graph.node('Expand', [bias, graph.int64s([tiles, filters])]);
  const row = repeated === undefined ? undefined : graph.node('Reshape', [repeated, graph.int64s([tiles * filters])]);
  return rowsAt(graph, mapped(graph, mapOf(axes, 'output'), products, row), filters, index);
}

/** The adjoint of {@link responseRows}: responses [n, H', W', F] to factors [t * t, n * tiles, F]. */
export function responseFactors(
  graph: GraphBuilder,
  { rows: responses, zeros, first, images }: TiledPart,
  filters: number,
  axes: TiledAxes,
): string {
  const [rows, columns] = axes;
  const { factors, tiles } = tileCounts(axes);
  const [height, width] = [rows.filtering.outputs, columns.filtering.outputs];
  const index: number[] = [];
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++)
      for (let image = first; image < first + images; image++)
        for (let y = i; y < rows.tiles * height; y += height)
          for (let x = j; x < columns.tiles * width; x += width) {
            const isInside = y < rows.responses && x < columns.responses;
            index.push(isInside ? (image * rows.responses + y) * columns.responses + x : zeros);
          }
  const placesFirst = rowsAt(graph, responses, filters, index);
  const product = mapped(graph, transposed(mapOf(axes, 'output')), placesFirst);
  return graph.node('Reshape', [product, graph.int64s([factors, images * tiles, filters])]);
}

/** Whether tiles of responses reach beyond them. */
export function responseTilesReachOut(axes: TiledAxes): boolean {
  return axes.some(({ tiles, filtering, responses }) => tiles * filtering.outputs > responses);
}

/** Filters [k, l, C, F] to factors [t * t, C, F]. */
export function filterFactors(
  graph: GraphBuilder,
  w: string,
  channels: number,
  filters: number,
  axes: TiledAxes,
): string {
  const product = mapped(graph, mapOf(axes, 'filter'), w);
  return graph.node('Reshape', [product, graph.int64s([tileCounts(axes).factors, channels, filters])]);
}

/** Filters [k, l, C, F] turned around, as a transposed convolution needs them, to factors [t * t, F, C]. */
export function turnedFactors(
  graph: GraphBuilder,
  w: string,
  channels: number,
  filters: number,
  axes: TiledAxes,
): string {
  const { factors, taps } = tileCounts(axes);
  const stacked = graph.node('Reshape', [w, graph.int64s([taps, channels, filters])]);
  const filtersFirst = graph.node('Transpose', [stacked], { perm: [0, 2, 1] });
  // Turning the taps around is left to the constant.
  const product = mapped(
    graph,
    mapOf(axes, 'filter').map((row) => row.toReversed()),
    filtersFirst,
  );
  return graph.node('Reshape', [product, graph.int64s([factors, filters, channels])]);
}

/** The adjoint of {@link filterFactors}: products [t * t, C, F] to filters [k * l, C * F]. */
export function filterRows(graph: GraphBuilder, products: string, axes: TiledAxes): string {
  return mapped(graph, transposed(mapOf(axes, 'filter')), products);
}
