// What the presets of the adversarial family draw after a minute or two: one training and one picture each.
import type { GalleryRecord } from './adversarial-gallery/record.js';

/** A training, and how its samples are shown. */
export interface PresetExhibit {
  readonly model: string;
  readonly data: 'mnist' | 'eight-gaussians';
  readonly options: Readonly<Record<string, unknown>>;
  readonly batchSize: number;
  /** Stops once it has computed as much as two cores do in so many minutes. */
  readonly minutes: number;
  /** What the players minimise, in a line. */
  readonly objective: string;
  /** What is to be seen. */
  readonly text: string;
  /** What a row of the sheet shares. Default: nothing. */
  readonly rows?: 'class' | 'category';
}

const digits = { data: 'mnist', batchSize: 64, minutes: 1.5 } as const;
/** Half the channels of the presets: twice to four times as many steps in the same time. */
const small = { channels: 32, ema: 0.995, learningRate: 5e-4 };

/** Each preset once, in the order of the page. */
export const presetGallery: readonly PresetExhibit[] = [
  {
    model: 'gan',
    ...digits,
    options: { ema: 0.995 },
    objective: 'D: −log D(x) − log(1 − D(G(z))); G: −log D(G(z))',
    text: 'Dense layers know nothing of neighbouring pixels, and leave specks.',
  },
  {
    model: 'dcgan',
    ...digits,
    options: small,
    objective: 'the same, of strided convolutions with batch norms',
    text: 'Convolutions draw strokes from the beginning.',
  },
  {
    model: 'lsgan',
    ...digits,
    options: small,
    objective: 'D: ½(D(x) − 1)² + ½D(G(z))²; G: ½(D(G(z)) − 1)²',
    text: 'Squares instead of logarithms change the gradients of samples that are judged with certainty, not the look of digits.',
  },
  {
    model: 'wgan',
    ...digits,
    options: { channels: 32, learningRate: 3e-4, ema: 0.995 },
    objective: 'f: f(G(z)) − f(x), weights of f within 0.01 of 0; G: −f(G(z))',
    text: 'A clipped critic is a crude one, and five of its steps go into one of the generator.',
  },
  {
    model: 'wgan-gp',
    ...digits,
    options: { channels: 32, learningRate: 3e-4, ema: 0.995 },
    objective: 'f: f(G(z)) − f(x) + 10(|∇f(y)| − 1)², y between x and G(z); G: −f(G(z))',
    text: 'The penalty lets the critic be as bent as it needs to be, at the price of derivatives of derivatives.',
  },
  {
    model: 'sngan',
    ...digits,
    options: { channels: 8, discriminatorSteps: 1, learningRate: 5e-4, ema: 0.995 },
    objective:
      'D: max(0, 1 − a(x)) + max(0, 1 + a(G(z))), weights of a divided by their largest singular values; G: −a(G(z))',
    text: 'Residual blocks, here with few channels.',
  },
  {
    model: 'cgan',
    ...digits,
    options: small,
    objective: 'the GAN of x given y: both players are told the class',
    text: 'A row for each digit that was asked for.',
    rows: 'class',
  },
  {
    model: 'acgan',
    ...digits,
    options: small,
    objective: 'the GAN, and both players minimise −log p(y | x) on what they make or see',
    text: 'A row for each digit that was asked for; the discriminator is a classifier as well.',
    rows: 'class',
  },
  {
    model: 'infogan',
    ...digits,
    options: { channels: 32, ema: 0.995 },
    objective: 'the GAN, and G minimises −log Q(c | G(z, c)): codes that can be read from the samples',
    text: 'A row for each value of the categorical code, which no label told anything about.',
    rows: 'category',
  },
  {
    model: 'unrolled-gan',
    data: 'eight-gaussians',
    batchSize: 64,
    minutes: 0.8,
    // The settings of the figure on this ring.
    options: {
      ...{ latentSize: 2, generatorLayers: [64, 64, 64, 64], discriminatorLayers: [64, 64, 64, 64] },
      ...{ unrolledSteps: 3, r1: 0.02, instanceNoise: 0.3, instanceNoiseSteps: 2000 },
      ...{ learningRate: 2e-3, discriminatorLearningRate: 5e-3, decaySteps: 24_000, ema: 0.999 },
    },
    objective: 'G: −log D′(G(z)), D′ the discriminator after K more updates, through which the gradient passes',
    text: 'Points, for which looking ahead was made: all eight Gaussians of the ring.',
  },
];

/** The picture's file in docs/images/. */
export function presetFile({ model }: PresetExhibit): string {
  return `preset-${model}.png`;
}

/** The page's part about the presets, as Markdown: those that have been drawn. */
export function presetGalleryText(records: readonly GalleryRecord[]): string {
  const parts = presetGallery.flatMap((exhibit) => {
    const { model, data, objective, text } = exhibit;
    const drawn = records.find(({ name }) => name === model);
    if (drawn === undefined) return [];
    const { options, steps, minutes } = drawn;
    return [
      [
        `### \`${model}\``,
        `${objective}.`,
        `${text} ${steps} steps on ${data} in ${minutes.toFixed(1)} minutes of two cores, \`${JSON.stringify(options)}\`.`,
        `![Samples of ${model}](images/${presetFile(exhibit)})`,
      ].join('\n\n'),
    ];
  });
  return parts.length === 0 ? 'Nothing has been drawn yet.' : parts.join('\n\n');
}
