// The linear maps of minimal filtering as nodes: images, filters and responses to factors, and products of factors back. Factors come
// first, [t * t, rows, columns], so that one batched matrix product multiplies all, and each map is one product with a small constant.
import type { GraphBuilder } from '../onnx/graph-builder.js';
import type { ImagePart } from './convolution-parts.js';
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

function padded(graph: GraphBuilder, name: string, before: readonly number[], after: readonly number[]): string {
  const sides = [0, ...before, 0, 0, ...after, 0];
  return sides.every((side) => side === 0) ? name : graph.node('Pad', [name, graph.int64s(sides)]);
}

/** Images [n, H, W, C] to factors [t * t, n * tiles, C]. */
export function imageFactors(
  graph: GraphBuilder,
  { name, images }: ImagePart,
  channels: number,
  axes: TiledAxes,
): string {
  const [rows, columns] = axes;
  const { factors, tiles } = tileCounts(axes);
  const before = axes.map((axis) => axis.before);
  const after = axes.map((axis) => axis.length - axis.before - axis.size);
  const index: number[] = [];
  for (let i = 0; i < rows.filtering.size; i++)
    for (let j = 0; j < columns.filtering.size; j++)
      for (let image = 0; image < images; image++)
        for (let u = 0; u < rows.tiles; u++)
          for (let v = 0; v < columns.tiles; v++) {
            const row = image * rows.length + rows.filtering.outputs * u + i;
            index.push(row * columns.length + columns.filtering.outputs * v + j);
          }
  const product = mapped(
    graph,
    mapOf(axes, 'input'),
    rowsAt(graph, padded(graph, name, before, after), channels, index),
  );
  return graph.node('Reshape', [product, graph.int64s([factors, images * tiles, channels])]);
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
  { name, images }: ImagePart,
  filters: number,
  axes: TiledAxes,
): string {
  const [rows, columns] = axes;
  const { factors, tiles } = tileCounts(axes);
  const missing = axes.map((axis) => axis.tiles * axis.filtering.outputs - axis.responses);
  const [height, width] = [rows.filtering.outputs, columns.filtering.outputs];
  const index: number[] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let row = y; row < images * rows.tiles * height; row += height)
        for (let column = x; column < columns.tiles * width; column += width)
          index.push(row * columns.tiles * width + column);
  const placesFirst = rowsAt(graph, padded(graph, name, [0, 0], missing), filters, index);
  const product = mapped(graph, transposed(mapOf(axes, 'output')), placesFirst);
  return graph.node('Reshape', [product, graph.int64s([factors, images * tiles, filters])]);
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
