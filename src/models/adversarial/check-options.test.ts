// Options that do not go together, and what is said about them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { type Dataset, fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { createModel } from '../registry.js';
import { cgan } from './cgan.js';
import { dcgan } from './dcgan.js';
import { gan } from './gan.js';
import { lsgan } from './lsgan.js';
import { sngan } from './sngan.js';
import { wganGp } from './wgan-gp.js';

const refused: readonly (readonly [kind: string, options: object, message: RegExp])[] = [
  ['wgan-gp', { clip: 0.01 }, /clip is 0.01 and gradientPenalty 10.*Set clip to null, or gradientPenalty to 0/],
  ['wgan', { gradientPenalty: 10 }, /two ways to bound the same slope/],
  [
    'gan',
    { objective: 'wasserstein' },
    /no minimum unless.*gradientPenalty to, say, 10, clip to 0.01, or spectralNorm/,
  ],
  ['wgan', { clip: null }, /no minimum unless/],
  [
    'wgan-gp',
    { discriminatorNorm: 'batch' },
    /discriminatorNorm is "batch".*gradientPenalty.*Use "layer", "none" or "auto"/,
  ],
  ['dcgan', { r1: 10, discriminatorNorm: 'batch' }, /r1 is about the slope at each row/],
  ['wgan-gp', { minibatchDeviation: true }, /minibatchDeviation.*Leave one out/],
  ['wgan', { labelSmoothing: 0.1 }, /the objective wasserstein has none.*minimax, non-saturating, least-squares/],
  ['sngan', { labelSmoothing: 0.1 }, /the objective hinge has none/],
  ['infogan', { categoricalCodes: [], continuousCodes: 0 }, /on codes, but there are none/],
  ['gan', { channels: 32 }, /"channels" .*has no meaning where backbone is "dense".*set backbone to dcgan or residual/],
  ['dcgan', { generatorLayers: [8] }, /"generatorLayers" .*has no meaning where backbone is "dcgan".*to dense or auto/],
  ['sngan', { kernel: 3 }, /"kernel" .*has no meaning where backbone is "residual"/],
  ['cgan', { classWeight: 2 }, /"classWeight" .*where conditioning is "concatenation".*to auxiliary-classifier/],
  ['dcgan', { labelInput: 'batch-norm' }, /"labelInput" .*where conditioning is "none"/],
  ['cgan', { categoricalCodes: [5] }, /"categoricalCodes" .*set conditioning to codes/],
  ['cgan', { conditioning: 'none' }, /by its name.*concatenation, auxiliary-classifier, projection; received "none"/],
  [
    'acgan',
    { conditioning: 'projection' },
    /by its name.*Leave it out for "auxiliary-classifier", or.*cgan for a cond/,
  ],
  ['infogan', { conditioning: 'none' }, /conditioning is codes; received "none".*dcgan or gan for none/],
  ['infogan', { categoricalCodes: [1] }, /"categoricalCodes.0" is 1/],
  ['gan', { objective: 'wassertein' }, /"objective" is "wassertein"/],
  ['gan', { gradientPenality: 1 }, /no option "gradientPenality"\. Did you mean "gradientPenalty"\?/],
];

for (const [kind, options, message] of refused)
  test(`${kind} with ${JSON.stringify(options)} is refused`, () => {
    assert.throws(
      () => createModel(kind, options),
      (error) => error instanceof ConfigError && error.message.startsWith(kind) && message.test(error.message),
    );
  });

test('the same options are allowed where they go together', () => {
  createModel('gan', { objective: 'wasserstein', spectralNorm: true });
  createModel('wgan', { clip: null, gradientPenalty: 10 });
  createModel('dcgan', { r1: 10 });
  createModel('lsgan', { labelSmoothing: 0.1, minibatchDeviation: true });
  createModel('dcgan', { conditioning: 'codes', categoricalCodes: [5] });
  createModel('cgan', { conditioning: 'auxiliary-classifier', classWeight: 2 });
  createModel('lsgan', { channels: 8, generatorLayers: [8], discriminatorLayers: [8] });
  // A saved model names all its options.
  for (const kind of ['gan', 'dcgan', 'wgan-gp', 'infogan']) createModel(kind, createModel(kind).config);
});

test('options that are undefined are those of the preset, not of the family', () => {
  const { config } = wganGp(JSON.parse('{}'));
  assert.deepEqual([config.objective, config.gradientPenalty, config.discriminatorSteps], ['wasserstein', 10, 5]);
});

test('rows that networks cannot make are refused, naming those that can', () => {
  assert.throws(() => sngan().gameFor([28, 30, 1]), ShapeError);
  assert.throws(() => gan({ augmentation: ['cutout'] }).gameFor([2]), /augmentation changes images.*\[2\]/);
  assert.throws(() => dcgan({ backbone: 'residual' }).gameFor([12, 12, 1]), /multiples of 4 from 16.*backbone dcgan/);
  const residual = dcgan({ backbone: 'residual' });
  for (const shape of [
    [16, 16, 1],
    [28, 28, 1],
    [32, 32, 3],
    [64, 48, 3],
  ])
    assert.deepEqual(residual.gameFor(shape).generator.outputShape, shape);
  assert.throws(() => dcgan({ backbone: 'residual', discriminatorNorm: 'layer' }).gameFor([32, 32, 3]), /has no norms/);
  assert.throws(() => cgan({ labelInput: 'batch-norm' }).gameFor([2], 3), /no batch norms.*"concatenation"/);
});

test('auto takes convolutions for images that they can halve, and dense layers for all other rows', () => {
  const parameters = (shape: readonly number[]) => Object.keys(wganGp().gameFor(shape).generator.parameters);
  assert.ok(parameters([28, 28, 1]).includes('generator/up1/weight'));
  for (const shape of [[2], [7, 9, 1], [28, 28]]) assert.ok(parameters(shape).includes('generator/hidden1/weight'));
});

test('an option of networks that auto does not take for the rows is refused, one at its default is not', async () => {
  const points = fromArrays({ x: random(1).normal(64), shape: [2] });
  const images = fromArrays({ x: random(1).uniform(16 * 64), shape: [8, 8, 1] });
  const fit = (options: object, data: Dataset) => lsgan(options).fit(data, { steps: 1, batchSize: 8, threads: 1 });
  await assert.rejects(
    fit({ channels: 8, discriminatorLayers: [8] }, points),
    /lsgan: "channels".*rows of shape \[2\].*auto is dense.*dense has generatorLayers, discriminatorLayers\..*dcgan or residual/,
  );
  await assert.rejects(
    fit({ discriminatorLayers: [8] }, images),
    /"discriminatorLayers".*auto is dcgan.*dcgan has channels, kernel, upsampling\..*set backbone to dense/,
  );
  await assert.rejects(fit({ upsampling: 'resize' }, points), /"upsampling"/);
  await fit({ channels: 64, generatorLayers: [8], discriminatorLayers: [8] }, points);
});

test("the discriminator's norms follow what looks at its slope", () => {
  const normsOf = (options: object) =>
    Object.keys(dcgan(options).gameFor([16, 16, 1]).discriminator.parameters)
      .filter((name) => name.includes('/norm2/'))
      .map((name) => name.split('/').at(-1));
  assert.deepEqual(normsOf({}), ['scale', 'bias', 'mean', 'variance']);
  assert.deepEqual(normsOf({ gradientPenalty: 10 }), ['scale', 'bias']);
  assert.deepEqual(normsOf({ r1: 1 }), ['scale', 'bias']);
  assert.deepEqual(normsOf({ spectralNorm: true }), []);
  assert.deepEqual(normsOf({ discriminatorNorm: 'none' }), []);
});
