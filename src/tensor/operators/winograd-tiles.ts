// How images are cut into tiles for minimal filtering, and where that is cheaper than windows.
import { type MinimalFiltering, minimalFiltering } from './toom-cook.js';
import type { WindowGeometry } from './window.js';

/** One axis of the images that are filtered. */
export interface TiledAxis {
  readonly filtering: MinimalFiltering;
  readonly tiles: number;
  /** Pixels of the image, zeros before them, and all of these with the zeros after them. */
  readonly size: number;
  readonly before: number;
  readonly length: number;
  /** How many responses there are. */
  readonly responses: number;
}

/** Rows, then columns. */
export type TiledAxes = readonly [TiledAxis, TiledAxis];

/** Responses of a tile along an axis. With 2, products and passes over memory together are no faster than windows. */
const tileOutputs = 4;

/** The tiles of a convolution of stride 1 without gaps in its filters; undefined for others. */
export function tilesOf({ kernel, stride, dilation, padding, ...sizes }: WindowGeometry): TiledAxes | undefined {
  if ([...stride, ...dilation].some((step) => step !== 1)) return undefined;
  const rows = tiledAxis(sizes.height, kernel[0], padding[0], sizes.outputHeight);
  const columns = tiledAxis(sizes.width, kernel[1], padding[2], sizes.outputWidth);
  return rows === undefined || columns === undefined ? undefined : [rows, columns];
}

function tiledAxis(size: number, taps: number, before: number, responses: number): TiledAxis | undefined {
  const filtering = minimalFiltering(taps === 1 ? 1 : tileOutputs, taps);
  if (filtering === undefined) return undefined;
  const tiles = Math.ceil(responses / filtering.outputs);
  const length = Math.max(filtering.outputs * (tiles - 1) + filtering.size, before + size);
  return { filtering, tiles, size, before, length, responses };
}

/** Numbers over both axes: responses, factors and taps of a tile, tiles of an image. */
export interface TileCounts {
  readonly outputs: number;
  readonly factors: number;
  readonly taps: number;
  readonly tiles: number;
}

export function tileCounts([rows, columns]: TiledAxes): TileCounts {
  return {
    outputs: rows.filtering.outputs * columns.filtering.outputs,
    factors: rows.filtering.size * columns.filtering.size,
    taps: rows.filtering.taps * columns.filtering.taps,
    tiles: rows.tiles * columns.tiles,
  };
}

/** A pass over a value costs as much as this many multiply-adds of a matrix product. */
const passCost = 20;

/**
 * Minimal filtering is taken where its estimate is below this share of that of windows. Its many small products are less efficient
 * than the estimate says: 64 channels on 32x32 pixels, at 0.58, took 0.67 of the time, and 32 channels, at 0.78, gained little.
 */
const worthwhile = 0.7;

/** Whether tiles are clearly cheaper than windows: by multiply-adds, and passes over what is written between. */
export function tilesPay(axes: TiledAxes, channels: number, filters: number): boolean {
  const { outputs, factors, taps, tiles } = tileCounts(axes);
  const products = factors * (channels * filters + factors * channels + outputs * filters);
  const passes = 2 * factors * channels + factors * filters + 2 * outputs * filters;
  const windows = axes[0].responses * axes[1].responses * taps * channels;
  return tiles * (products + passCost * passes) < worthwhile * windows * (filters + passCost);
}
