// Lowering the gradient of filters to ONNX Runtime's convolution of channels in blocks, without windows: here the images of a batch are what is
// summed over, as channels are in a convolution. They lie in blocks, and the responses are the filters, as far apart as windows are:
//
//   dw[k, (l, c), f] = sum_n sum_ij x[n, s i + k, (s j + l, c)] dy[n, (i, j), f]
//
//   images    [N, H, W, C]   -> [N / b, H, W * C, b]
//   responses [N, H', W', F] -> [F / b, N / b, H', W', b, b], the last b along F
//
// Pixels and channels lie side by side, so that one step to the right in the result is the next channel, and the next place after the last.
import type { GraphBuilder } from '../onnx/graph-builder.js';
import { staticDim } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { blockedDomain } from './blocked-images.js';
import { blockOf, coloursBlock } from './convolution-blocked.js';
import type { WindowGeometry } from './window.js';

/** How many images the batch has, and how many make a block; undefined where the device has no such convolution, images fill no blocks, or a product is as good. */
export function correlationBlock(
  graph: GraphBuilder,
  image: Tensor,
  response: Tensor,
  geometry: WindowGeometry,
): { readonly images: number; readonly block: number } | undefined {
  const { kernel, dilation } = geometry;
  const channels = staticDim(image.dim(3), 'The number of channels');
  const filters = staticDim(response.dim(3), 'The number of filters');
  const images = image.dim(0);
  const block =
    blockOf(graph, image.dtype, images, { channels, filters }) ?? coloursBlock(graph, image, filters, geometry);
  const isProduct = kernel[0] * kernel[1] === 1;
  if (block === undefined || typeof images !== 'number' || images % block !== 0) return undefined;
  return isProduct || dilation[0] !== 1 || dilation[1] !== 1 ? undefined : { images, block };
}

/**
 * The nodes of dw in some shape; undefined where {@link correlationBlock} is.
 *
 * @param layout that of the responses
 */
export function lowerBlockedCorrelation(
  graph: GraphBuilder,
  [x, y]: readonly [string, string],
  image: Tensor,
  response: Tensor,
  geometry: WindowGeometry,
  layout: 'ordered' | 'blocked' = 'ordered',
): string | undefined {
  const { kernel, stride, padding, height, width, outputHeight, outputWidth } = geometry;
  const sizes = correlationBlock(graph, image, response, geometry);
  if (sizes === undefined) return undefined;
  const { images, block } = sizes;
  const channels = staticDim(image.dim(3), 'The number of channels');
  const filters = staticDim(response.dim(3), 'The number of filters');
  const [top, , left] = padding;
  // What windows see, from the first row and column to the last.
  const rows = (outputHeight - 1) * stride[0] + kernel[0];
  const columns = (outputWidth - 1) * stride[1] + kernel[1];
  const [bottom, right] = [rows - height - top, columns - width - left];
  // Rows of zeros are skipped by the convolution, where they lie no further out than it spans; columns would be computed one by one.
  const isWithin = Math.min(top, bottom) >= 0 && Math.max(top, bottom) <= rows - kernel[0];
  const [above, below] = isWithin ? [0, 0] : [top, bottom];
  const stacked = graph.node('Reshape', [x, graph.int64s([images / block, block, 1, height * width * channels])]);
  const pixels = graph.node(`${blockedDomain}:ReorderInput`, [stacked], {});
  const lines = isWithin ? height : rows;
  const sides = [above, below, left, right];
  const vectors = channels * block;
  // Zeros come last: what the reordering has just written is near, and it reads the images from further away with all cores.
  const padded = sides.every((side) => side === 0)
    ? pixels
    : graph.node('Pad', [
        graph.fixedReshape(pixels, [images / block, height, width * vectors]),
        graph.int64s([0, above, left * vectors, 0, below, right * vectors]),
      ]);
  const gradient = graph.node(
    `${blockedDomain}:Conv`,
    [
      graph.fixedReshape(padded, [1, images, lines, columns * channels]),
      responseFilters(graph, y, response, block, layout),
    ],
    {
      kernel_shape: [outputHeight, outputWidth],
      strides: [1, 1],
      dilations: [stride[0], stride[1] * channels],
      pads: isWithin ? [top, 0, bottom, 0] : [0, 0, 0, 0],
    },
  );
  return graph.node(`${blockedDomain}:ReorderOutput`, [gradient], { channels: filters, channels_last: 1 });
}

/** Responses as filters, in the order in which the convolution reads them. */
function responseFilters(
  graph: GraphBuilder,
  name: string,
  response: Tensor,
  block: number,
  layout: 'ordered' | 'blocked',
): string {
  const [images = 1, height = 1, width = 1, filters = 1] = response.shape.map(Number);
  const pixels = height * width;
  const blocks = filters / block;
  const [perPixel, perBlock] = layout === 'ordered' ? [blocks, 1] : [1, pixels];
  const order: number[] = [];
  for (let filter = 0; filter < blocks; filter++)
    for (let image = 0; image < images; image += block)
      for (let pixel = 0; pixel < pixels; pixel++)
        for (let inner = 0; inner < block; inner++)
          order.push((image + inner) * pixels * blocks + pixel * perPixel + filter * perBlock);
  const vectors = graph.node('Reshape', [name, graph.int64s([images * pixels * blocks, block])]);
  const ordered = graph.node('Gather', [vectors, graph.int64s(order)], { axis: 0 });
  return graph.node('Reshape', [ordered, graph.int64s([filters, images, height, width])]);
}
