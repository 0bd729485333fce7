// The classical models, each call as ../peers/python/classical.py makes it with scikit-learn: the same rows, starts, numbers of
// iterations and smoothing. Every call makes a model of its own, as a user's program does, so opening the device counts.
import {
  bayesClassifier,
  type Dataset,
  gaussianBayes,
  gaussianMixture,
  kMeans,
  naiveBayes,
  pca,
} from '../../src/index.js';
import type { HasJointDensity } from '../../src/models/contract.js';
import type { CallTaskName } from '../peers/tasks.js';
import { type Call, type CallMaker, iterations, whole } from './call.js';
import type { MetricTaskName } from './metrics.js';
import { firstCentres, loadCodes, loadPixels } from './rows.js';

const components = 10;

/** Verisim's side of the calls. */
export const classicalCalls: Readonly<Record<Exclude<CallTaskName, MetricTaskName>, CallMaker>> = {
  async 'classical-em-diagonal'(folder, threads) {
    const data = await loadPixels(folder);
    const variances = new Array<number>(784).fill(0.1);
    return mixture(data, 'diagonal', variances, [1, 5], threads);
  },

  async 'classical-em-full'(folder, threads) {
    const data = await loadCodes(folder);
    const [columns = 0] = data.exampleShape;
    const identity = Array.from({ length: columns }, (_, row) =>
      Array.from({ length: columns }, (_, column) => (row === column ? 1 : 0)),
    );
    return mixture(data, 'full', identity, [1, 6], threads);
  },

  async 'classical-k-means'(folder, threads) {
    const data = await loadPixels(folder);
    const start = { centers: await firstCentres(data, components) };
    return iterations(
      (maxIterations) =>
        whole({
          async work() {
            const model = kMeans({ clusters: components, start, maxIterations, tolerance: 0 });
            await model.fit(data, { threads });
            return model;
          },
          figure: (model) => model.inertia,
          dispose: (model) => model.dispose(),
        }),
      [1, 21],
    );
  },

  async 'classical-pca'(folder, threads) {
    const data = await loadPixels(folder);
    return whole({
      async work() {
        const model = pca({ components: 50 });
        await model.fit(data, { threads });
        return model;
      },
      figure: (model) => model.explainedVarianceRatio.reduce((a, b) => a + b, 0),
      dispose: (model) => model.dispose(),
    });
  },

  async 'classical-gaussian-bayes'(folder, threads) {
    return fitAndPredict(gaussianBayes, await loadPixels(folder), threads);
  },

  async 'classical-bernoulli-bayes'(folder, threads) {
    return fitAndPredict(naiveBayes, await loadPixels(folder), threads);
  },
};

async function mixture(
  data: Dataset,
  covariance: 'diagonal' | 'full',
  covarianceOfEach: readonly (number | readonly number[])[],
  range: readonly [number, number],
  threads: number,
): Promise<Call> {
  const means = await firstCentres(data, components);
  const weights = means.map(() => 1 / components);
  const start = { means, weights, covariances: means.map(() => [...covarianceOfEach]) };
  return iterations(
    (maxIterations) =>
      whole({
        async work() {
          const model = gaussianMixture({ components, covariance, start, maxIterations, tolerance: 0 });
          await model.fit(data, { threads });
          return model;
        },
        figure: (model) => model.lowerBounds.at(-1) ?? Number.NaN,
        dispose: (model) => model.dispose(),
      }),
    range,
  );
}

interface BayesModel extends HasJointDensity {
  fit(data: Dataset, options: { readonly threads: number }): Promise<unknown>;
  dispose(): Promise<void>;
}

function fitAndPredict(create: () => BayesModel, data: Dataset, threads: number): Call {
  return whole({
    async work() {
      const model = create();
      await model.fit(data, { threads });
      return { model, answers: await bayesClassifier(model).predict(data) };
    },
    figure: ({ answers }) => answers.filter((answer, row) => answer === data.labels?.[row]).length / data.length,
    dispose: ({ model }) => model.dispose(),
  });
}
