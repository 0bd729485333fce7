// log p(x_i | x_1, ..., x_{i-1}) of every number of an image in one pass, for training and scoring.
import { oneHot, stack } from '../../../tensor/index.js';
import { batchInput, type Program } from '../../../tensor/program.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { labelsInput } from '../../../training/objective.js';
import type { Architecture, Weights } from './architecture.js';
import type { PixelOutput } from './outputs.js';
import { channelOf, features, headsOf } from './stacks.js';

/** The log-probability of each number of images [N, H, W, C] given those before it, in their layout and in nats. */
export function conditionalsOf(
  architecture: Architecture,
  output: PixelOutput,
  x: Tensor,
  weights: Weights,
  labels: Tensor | undefined,
): Tensor {
  const { channelOrder, classes } = architecture;
  const known = features(architecture, x, weights, labels === undefined ? undefined : oneHot(labels, classes));
  const places = headsOf(architecture, known, x, weights).map((parameters, place) =>
    output.logProb(parameters, channelOf(x, channelOrder[place] ?? 0)),
  );
  return stack(
    channelOrder.map((_, channel) => places[channelOrder.indexOf(channel)] ?? known),
    -1,
  );
}

/** A program of the conditionals of `x` [N, H, W, C], given the classes `labels` [N] where the model is conditional. */
export function conditionalsProgram(
  name: string,
  architecture: Architecture,
  output: PixelOutput,
  weights: Weights,
  results: (conditionals: Tensor) => Readonly<Record<string, Tensor>>,
): Program {
  const { height, width, channels, classes } = architecture;
  const x = batchInput('x', [height, width, channels]);
  const labels = classes === 0 ? undefined : batchInput(labelsInput, [], 'int64');
  return { name: `pixelcnn-${name}`, results: results(conditionalsOf(architecture, output, x, weights, labels)) };
}
