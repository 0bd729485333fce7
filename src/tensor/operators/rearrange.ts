// Repeating values along axes, and moving values between channels and space.
import { ShapeError } from '../../core/errors.js';
import { formatShape, multiplyDims, normalizeAxis, type Shape, staticDim } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { broadcastTo } from './broadcast.js';
import { reshape } from './reshape.js';
import { transpose } from './transpose.js';

/**
 * Each entry of an axis `count` times in a row: a, a, b, b (NumPy's `repeat`).
 *
 * @throws ShapeError for a count that is no whole number from 1
 */
export function repeat(x: Tensor, axis: number, count: number): Tensor {
  const position = normalizeAxis(axis, x.rank, 'repeat');
  return repeated('repeat', x, position, position + 1, count);
}

/**
 * The whole tensor several times along each axis: a, b, a, b (NumPy's `tile` with one count per axis).
 *
 * @example tile(x, [1, 3])                         // [N, 2] -> [N, 6]
 * @throws ShapeError where the counts do not fit
 */
export function tile(x: Tensor, counts: readonly number[]): Tensor {
  if (counts.length !== x.rank)
    throw new ShapeError(`tile: ${formatShape(x.shape)} needs ${x.rank} counts; received [${counts}].`);
  return counts.reduce((result, count, axis) => repeated('tile', result, axis, axis, count), x);
}

/** Repeats along a new axis at `place` and merges it into axis `axis`. */
function repeated(operation: string, x: Tensor, axis: number, place: number, count: number): Tensor {
  if (!Number.isInteger(count) || count < 1)
    throw new ShapeError(`${operation}: the count ${count} has to be a whole number from 1.`);
  const separate = reshape(x, x.shape.toSpliced(place, 0, 1));
  const wide: Shape = x.shape.toSpliced(place, 0, count);
  return reshape(broadcastTo(separate, wide), x.shape.with(axis, multiplyDims(x.dim(axis), count)));
}

/**
 * Moves channels into space: pixel (y b + i, x b + j) takes channels (i b + j) C to (i b + j + 1) C - 1 of pixel (y, x), the
 * order of ONNX's DCR and of TensorFlow.
 *
 * @param x images [N, H, W, b b C]
 * @returns [N, H b, W b, C]
 * @throws ShapeError where the channels do not divide
 */
export function depthToSpace(x: Tensor, block: number): Tensor {
  const [height, width, channels] = imageDims('depthToSpace', x, block);
  if (channels % (block * block) !== 0)
    throw new ShapeError(`depthToSpace: ${channels} channels do not divide into blocks of ${block}x${block}.`);
  const inner = channels / (block * block);
  const blocks = reshape(x, [x.dim(0), height, width, block, block, inner]);
  return reshape(transpose(blocks, [0, 1, 3, 2, 4, 5]), [x.dim(0), height * block, width * block, inner]);
}

/**
 * Moves space into channels: the inverse of {@link depthToSpace}.
 *
 * @param x images [N, H b, W b, C]
 * @returns [N, H, W, b b C]
 * @throws ShapeError where height or width do not divide
 */
export function spaceToDepth(x: Tensor, block: number): Tensor {
  const [height, width, channels] = imageDims('spaceToDepth', x, block);
  if (height % block !== 0 || width % block !== 0)
    throw new ShapeError(
      `spaceToDepth: an image of ${height}x${width} does not divide into blocks of ${block}x${block}.`,
    );
  const [rows, columns] = [height / block, width / block];
  const blocks = reshape(x, [x.dim(0), rows, block, columns, block, channels]);
  return reshape(transpose(blocks, [0, 1, 3, 2, 4, 5]), [x.dim(0), rows, columns, block * block * channels]);
}

function imageDims(operation: string, x: Tensor, block: number): [number, number, number] {
  if (x.rank !== 4 || !Number.isInteger(block) || block < 1)
    throw new ShapeError(
      `${operation}: images [N, H, W, C] and a whole block size from 1 are needed, not ${formatShape(x.shape)} and ${block}.`,
    );
  return [
    staticDim(x.dim(1), 'The height of an image'),
    staticDim(x.dim(2), 'The width of an image'),
    staticDim(x.dim(3), 'The number of channels'),
  ];
}
