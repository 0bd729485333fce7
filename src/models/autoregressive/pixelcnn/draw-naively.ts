// Drawing the way the formula says: a pass over the whole image for every number of it. The reference that the fast way is tested and
// measured against.
import { float32, type Values } from '../../../runtime/runtime.js';
import { concat, reshape, slice } from '../../../tensor/index.js';
import { batchInput, type Program } from '../../../tensor/program.js';
import type { Architecture, Weights } from './architecture.js';
import type { PixelOutput } from './outputs.js';
import { features, headsOf } from './stacks.js';

/** Draws every number given the true ones before it: `x` [N, H, W, C], `uniform` [N, H, W, C, draws] -> `drawn` [N, H, W, C]. */
export function passProgram(architecture: Architecture, output: PixelOutput, weights: Weights): Program {
  const { height, width, channels, channelOrder } = architecture;
  const x = batchInput('x', [height, width, channels]);
  const uniform = batchInput('uniform', [height, width, channels, output.draws]);
  const known = features(architecture, x, weights, undefined);
  const places = headsOf(architecture, known, x, weights);
  const drawn = channelOrder.map((_, channel) => {
    const parameters = places[channelOrder.indexOf(channel)] ?? known;
    const own = reshape(slice(uniform, 3, channel, channel + 1), [x.dim(0), height, width, output.draws]);
    return output.sample(parameters, own);
  });
  return { name: 'pixelcnn-pass', results: { drawn: concat(drawn, -1) } };
}

/** Images [count, H, W, C] from uniform numbers [count, H, W, C, draws], by `run` of the pass program. */
export async function drawNaively(
  { height, width, channels, channelOrder }: Architecture,
  { draws }: PixelOutput,
  run: (feeds: Values) => Promise<Values>,
  uniform: Float32Array,
  count: number,
): Promise<Float32Array> {
  const size = height * width * channels;
  const images = new Float32Array(count * size);
  for (let pixel = 0; pixel < height * width; pixel++)
    for (const channel of channelOrder) {
      const { drawn } = await run({
        x: float32(images.slice(), [count, height, width, channels]),
        uniform: float32(uniform.slice(), [count, height, width, channels, draws]),
      });
      const at = pixel * channels + channel;
      for (let image = 0; image < count; image++)
        images[image * size + at] = Number(drawn?.data[image * size + at] ?? Number.NaN);
    }
  return images;
}
