// The table of models: adding one is adding its file and one line here.
import { lookUp } from '../core/nearest.js';
import { acganDefinition } from './adversarial/acgan.js';
import { cganDefinition } from './adversarial/cgan.js';
import { dcganDefinition } from './adversarial/dcgan.js';
import { ganDefinition } from './adversarial/gan.js';
import { infoganDefinition } from './adversarial/infogan.js';
import { lsganDefinition } from './adversarial/lsgan.js';
import { snganDefinition } from './adversarial/sngan.js';
import { unrolledGanDefinition } from './adversarial/unrolled-gan.js';
import { wganDefinition } from './adversarial/wgan.js';
import { wganGpDefinition } from './adversarial/wgan-gp.js';
import { autoencoderDefinition } from './autoencoder/autoencoder.js';
import { generatorNetworkDefinition } from './autoencoder/generator-network.js';
import { vaeDefinition } from './autoencoder/vae.js';
import { fvsbnDefinition } from './autoregressive/fvsbn.js';
import { madeDefinition } from './autoregressive/made.js';
import { nadeDefinition } from './autoregressive/nade.js';
import { pixelCnnDefinition } from './autoregressive/pixelcnn.js';
import { gaussianBayesDefinition } from './bayes/gaussian-bayes.js';
import { naiveBayesDefinition } from './bayes/naive-bayes.js';
import { classifierDefinition } from './classifier/classifier.js';
import type { FittableModel } from './contract.js';
import type { ModelDefinition } from './definition.js';
import { gsnDefinition } from './energy/gsn.js';
import { rbmDefinition } from './energy/rbm.js';
import { realNvpDefinition } from './flow/realnvp.js';
import { histogramDefinition } from './kernel/histogram.js';
import { kernelDensityDefinition } from './kernel/kernel-density.js';
import { bernoulliMixtureDefinition } from './mixture/bernoulli-mixture.js';
import { gaussianMixtureDefinition } from './mixture/gaussian-mixture.js';
import { kMeansDefinition } from './mixture/k-means.js';
import { pcaDefinition } from './subspace/pca.js';

const definitions: readonly ModelDefinition[] = [
  naiveBayesDefinition,
  gaussianBayesDefinition,
  kMeansDefinition,
  gaussianMixtureDefinition,
  bernoulliMixtureDefinition,
  pcaDefinition,
  kernelDensityDefinition,
  histogramDefinition,
  fvsbnDefinition,
  nadeDefinition,
  madeDefinition,
  pixelCnnDefinition,
  realNvpDefinition,
  rbmDefinition,
  gsnDefinition,
  autoencoderDefinition,
  vaeDefinition,
  generatorNetworkDefinition,
  ganDefinition,
  dcganDefinition,
  lsganDefinition,
  wganDefinition,
  wganGpDefinition,
  snganDefinition,
  cganDefinition,
  acganDefinition,
  infoganDefinition,
  unrolledGanDefinition,
  classifierDefinition,
];

/** Every kind of model by its name. */
export const models: Readonly<Record<string, ModelDefinition>> = Object.fromEntries(
  definitions.map((definition) => [definition.kind, definition]),
);

/** The description of a kind of model. @throws UnknownNameError, suggesting the nearest */
export function modelDefinition(kind: string): ModelDefinition {
  return lookUp('model', models, kind);
}

/** A new model by name. @throws UnknownNameError, ConfigError */
export function createModel(kind: string, options: object = {}): FittableModel {
  return modelDefinition(kind).create(options);
}
