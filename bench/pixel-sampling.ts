// Drawing images with a PixelCNN: computing only what a new pixel changes, as `sample` does, against a pass over the image for every
// pixel, the way the formula says. That both draw the same images is tested beside the model. The weights are those that a training starts
// from. A pass takes the same time whatever the pixel, so a few are timed and their time is multiplied.

import { type Architecture, parametersOf, weightInputs } from '../src/models/autoregressive/pixelcnn/architecture.js';
import { drawImages, uniformFor } from '../src/models/autoregressive/pixelcnn/draw-images.js';
import { passProgram } from '../src/models/autoregressive/pixelcnn/draw-naively.js';
import { architectureOf } from '../src/models/autoregressive/pixelcnn/options.js';
import type { PixelOutput } from '../src/models/autoregressive/pixelcnn/outputs.js';
import { pixelProgram, rowProgram } from '../src/models/autoregressive/pixelcnn/sampling-programs.js';
import { pixelcnn } from '../src/models/autoregressive/pixelcnn.js';
import { fansOf } from '../src/nn/initialisers.js';
import { openRuntime } from '../src/runtime/node/open.js';
import { random } from '../src/runtime/random.js';
import { float32, type Values } from '../src/runtime/runtime.js';
import { lowerProgram } from '../src/tensor/program.js';
import { gigaflopOf } from './gigaflop.js';
import type { PixelSamplingResult } from './results.js';
import { median, ratioSpread, spread } from './statistics.js';

/** The name under which it is asked for. */
export const pixelSamplingName = 'pixelcnn-sampling';

const images = 64;
const passesPerRound = 3;

/** How to measure. */
export interface PixelSamplingOptions {
  readonly threads: number;
  readonly rounds: number;
  tell(text: string): void;
}

/** Times both ways, alternating, on one runtime. */
export async function measurePixelSampling({
  threads,
  rounds,
  tell,
}: PixelSamplingOptions): Promise<PixelSamplingResult> {
  const { config, output } = pixelcnn({ output: 'binary', ema: 0 });
  const architecture = architectureOf(config, [28, 28, 1], []);
  const { height, width, channels } = architecture;
  const weights = firstWeights(architecture);
  const shape = [images, height, width, channels];
  const numbers = height * width * channels;
  const runtime = await openRuntime({ threads });
  try {
    const rename = (name: string): string => name;
    const request = { runtime, architecture, output, rename, weights, count: images, labels: undefined };
    const pass = await runtime.compile(lowerProgram(passProgram(architecture, output, weightInputs(architecture))));
    const uniform = uniformFor(architecture, output, 0, 0, images);
    let drawn = new Float32Array(images * numbers);
    const onePass = async (): Promise<number> => {
      await pass.run({
        ...weights,
        x: float32(drawn.slice(), shape),
        uniform: float32(uniform.slice(), [...shape, output.draws]),
      });
      return pass.lastRunMs;
    };
    drawn = Float32Array.from(await drawImages({ ...request, seed: 0 }));
    await onePass();
    const times: number[] = [];
    const passes: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const start = performance.now();
      await drawImages({ ...request, seed: round });
      times.push(performance.now() - start);
      const ofRound: number[] = [];
      for (let i = 0; i < passesPerRound; i++) ofRound.push(await onePass());
      passes.push(median(ofRound));
      tell(`${pixelSamplingName}: round ${round + 1} of ${rounds}, ${times.at(-1)?.toFixed(0)} ms`);
    }
    const { median: milliseconds, quartiles } = spread(times);
    const naive = passes.map((time) => time * numbers);
    const ratio = ratioSpread(naive, times);
    return {
      name: pixelSamplingName,
      description: `drawing ${images} images of 28x28 binary pixels with a PixelCNN with its defaults, programs compiled anew`,
      ...{ images, rounds, milliseconds, quartiles },
      ...samplingOperations(architecture, output, images),
      naiveMs: median(naive),
      passes: rounds * passesPerRound,
      ratio: ratio.median,
      ratioQuartiles: ratio.quartiles,
    };
  } finally {
    await runtime.dispose();
  }
}

/** What drawing so many images takes in products and convolutions, both ways, in billions of operations. */
export function samplingOperations(architecture: Architecture, output: PixelOutput, count: number) {
  const { height, width, channels } = architecture;
  const weights = weightInputs(architecture);
  const row = gigaflopOf(rowProgram(architecture, weights));
  const pixel = gigaflopOf(pixelProgram(architecture, output, weights, (name) => name, count));
  const pass = gigaflopOf(passProgram(architecture, output, weights));
  return {
    gigaflop: count * height * row + height * width * pixel,
    naiveGigaflop: count * height * width * channels * pass,
  };
}

function firstWeights(architecture: Architecture): Values {
  return Object.fromEntries(
    Object.entries(parametersOf(architecture)).map(([name, { shape, initialise, fans = fansOf(shape) }]) => [
      name,
      float32(initialise(shape, random(0).split(name), fans), shape),
    ]),
  );
}
