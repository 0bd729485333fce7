import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, DatasetError, ShapeError, UnknownNameError } from '../../core/errors.js';
import { fromArrays } from '../../data/index.js';
import type { Metric, MetricInputs } from '../../metrics/index.js';
import { pixelcnn } from '../../models/autoregressive/pixelcnn.js';
import { gaussianBayes } from '../../models/bayes/gaussian-bayes.js';
import { pixels } from '../../models/features/pixels.js';
import { kernelDensity } from '../../models/kernel/kernel-density.js';
import { ExactGaussian } from '../../models/tools/testing/exact-gaussian.js';
import { random } from '../../runtime/random.js';
import { toyMetric } from '../testing/toy.js';
import { evaluate } from './evaluate.js';
import type { StatisticsCache } from './statistics-cache.js';

const points = (rows: number, seed: number) =>
  fromArrays({
    x: random(seed).normal(2 * rows),
    shape: [2],
    name: 'cloud',
    labels: Array.from({ length: rows }, (_, row) => row % 2),
    classes: ['even', 'odd'],
  });
const [training, heldOut] = [points(400, 1), points(200, 2)];
const data = { training, heldOut };
const model = new ExactGaussian();
await model.fit(training);

const meanOf = ({ data: values }: MetricInputs['real']): number =>
  Float64Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const gap = toyMetric('gap', ['real', 'samples'], async ({ real, samples }) => ({
  value: Math.abs(meanOf(real) - meanOf(samples)),
  interval: [0, 1],
  details: { rows: real.rows, samples: samples.rows },
}));
const surprise = toyMetric(
  'surprise',
  ['likelihoods'],
  async ({ likelihoods }) => ({
    value: meanOf({ data: likelihoods.values, rows: 1, width: 1 }),
    warnings: ['mind this'],
  }),
  { topic: 'likelihood', usesFeatures: false },
);
const options = { features: pixels([2]), samples: 300, known: [gap, surprise] };

test('metrics that model and data allow, with value, interval, reading and feature space', async () => {
  const { evaluation, samples, real } = await evaluate(model, data, options);
  const [first, second] = evaluation.rows;
  assert.equal(first?.name, 'gap[pixels]');
  assert.ok((first?.value ?? 9) < 0.2);
  assert.deepEqual([first?.interval, first?.details, first?.samples], [[0, 1], { rows: 200, samples: 300 }, 300]);
  assert.equal(first?.reading, `It is ${first?.value}.`);
  assert.deepEqual([second?.name, second?.features, second?.samples], ['surprise', undefined, undefined]);
  assert.deepEqual(second?.warnings, ['mind this']);
  // A standard normal in two dimensions has the entropy 1 + log(2 pi) = 2.838.
  assert.ok(Math.abs((second?.value ?? 0) + 2.838) < 0.3);
  assert.deepEqual(
    [samples?.shape, real.shape],
    [
      [300, 2],
      [200, 2],
    ],
  );
  assert.deepEqual(
    [evaluation.data.training.rows, evaluation.data.heldOut?.rows, evaluation.samples, evaluation.features],
    [400, 200, 300, 'pixels'],
  );
  assert.equal(evaluation.warnings.length, 0);
});

test('the same seed gives the same evaluation, another one other samples', async () => {
  const values = async (seed: number) => (await evaluate(model, data, { ...options, seed })).evaluation.rows[0]?.value;
  assert.equal(await values(5), await values(5));
  assert.notEqual(await values(5), await values(6));
});

test('real rows take the place of samples for reference', async () => {
  const { evaluation } = await evaluate(model, data, options);
  const [{ reference } = {}, likelihood] = evaluation.rows;
  // 300 of the training rows against the held-out ones.
  assert.ok(reference !== undefined && reference.value < 0.2);
  assert.equal(likelihood?.reference, undefined);
  const copies = toyMetric(
    'copies',
    ['samples', 'training', 'real'],
    async ({ samples, real, training: learnt }) => ({ value: samples.rows + 1000 * real.rows + 1e6 * learnt.rows }),
    { topic: 'copying' },
  );
  const { evaluation: copying } = await evaluate(model, data, { ...options, known: [copies] });
  // One half of the held-out rows stands in for samples, so that none of them is a training row.
  assert.equal(copying.rows[0]?.reference?.value, 100 + 1000 * 100 + 1e6 * 400);
});

test('what a metric looks at is computed when one needs it, and once', async () => {
  const extracted: number[] = [];
  const space = pixels([2]);
  const counting = {
    ...space,
    name: 'counted',
    extract: (...args: Parameters<typeof space.extract>) => {
      extracted.push(1);
      return space.extract(...args);
    },
  };
  await evaluate(model, data, { ...options, features: counting, metrics: ['surprise'] });
  assert.equal(extracted.length, 0);
  await evaluate(model, data, {
    ...options,
    features: counting,
    known: [gap, toyMetric('other', gap.needs, gap.compute)],
  });
  // Real rows, samples, and the rows that stand in for samples.
  assert.equal(extracted.length, 3);
  extracted.length = 0;
  const copies = ['copies', 'other-copies'].map((name) =>
    toyMetric(name, ['training', 'real', 'samples'], gap.compute, { topic: 'copying' }),
  );
  await evaluate(model, data, { ...options, features: counting, known: [gap, ...copies] });
  // For the metrics that look at training rows those, too, and two halves of the held-out rows.
  assert.equal(extracted.length, 6);
});

test('features and references of real rows come from the cache', async () => {
  const asked: string[] = [];
  const keeper = <T>() => {
    const kept = new Map<string, T>();
    return async (key: readonly string[], compute: () => Promise<T>): Promise<T> => {
      asked.push(key[0] ?? '');
      const known = kept.get(key.join()) ?? (await compute());
      if (!kept.has(key.join())) asked.push('computed');
      kept.set(key.join(), known);
      return known;
    };
  };
  const cache: StatisticsCache = { features: keeper(), reference: keeper() };
  const space = { ...pixels([2]), name: 'elsewhere' };
  const first = await evaluate(model, data, { ...options, features: space, cache });
  const second = await evaluate(model, data, { ...options, features: space, cache });
  assert.deepEqual(asked, ['features', 'computed', 'reference', 'computed', 'features', 'reference']);
  assert.deepEqual(second.evaluation.rows[0]?.reference, first.evaluation.rows[0]?.reference);
  // Another file or other weights behind the same name: nothing that is kept is true of it.
  asked.length = 0;
  await evaluate(model, data, { ...options, features: { ...space, identity: async () => 'replaced' }, cache });
  assert.deepEqual(asked, ['features', 'computed', 'reference', 'computed']);
});

test('metrics without their inputs are left out and say why; asked for, they are an error', async () => {
  const probe = toyMetric('probe', ['sampleLabels'], async () => ({ value: 1 }));
  const classes = toyMetric('score', ['sampleClasses'], async () => ({ value: 1 }));
  const { evaluation } = await evaluate(model, data, { ...options, known: [probe, classes] });
  assert.deepEqual(
    evaluation.skipped.map(({ metric, why }) => [metric, why]),
    [
      ['probe', 'this exact-gaussian draws rows without classes'],
      ['score', 'the feature space pixels has no classifier'],
    ],
  );
  await assert.rejects(
    evaluate(model, data, { ...options, known: [probe], metrics: ['probe'] }),
    (error) =>
      error instanceof ConfigError && /probe cannot be computed here: this exact-gaussian draws/.test(error.message),
  );
});

test('a metric that there is none of suggests the nearest', async () => {
  await assert.rejects(
    evaluate(model, data, { ...options, metrics: ['gab'] }),
    (error) => error instanceof UnknownNameError && /Unknown metric "gab". Did you mean "gap"\?/.test(error.message),
  );
});

test('too few samples say how many are needed', async () => {
  const greedy = toyMetric('greedy', ['samples'], async () => ({ value: 1 }), { minimumRows: 500 });
  const known = [greedy];
  await assert.rejects(
    evaluate(model, data, { ...options, known, metrics: ['greedy'] }),
    (error) =>
      error instanceof DatasetError &&
      /at least 500 samples, and 300 were asked for.*--samples 500/.test(error.message),
  );
  const { evaluation } = await evaluate(model, data, { ...options, known });
  assert.equal(evaluation.skipped[0]?.why, 'it needs at least 500 samples, and 300 were asked for');
});

test('a metric that finds the data too plain is left out; another kind of failure is not hidden', async () => {
  const failing = (error: Error): Metric<'real'> =>
    toyMetric('failing', ['real'], async () => {
      throw error;
    });
  const known = [failing(new DatasetError('All rows are the same.'))];
  const { evaluation } = await evaluate(model, data, { ...options, known });
  assert.deepEqual(evaluation.skipped, [{ metric: 'failing', title: 'The failing', why: 'All rows are the same.' }]);
  await assert.rejects(evaluate(model, data, { ...options, known, metrics: ['failing'] }), DatasetError);
  await assert.rejects(evaluate(model, data, { ...options, known: [failing(new TypeError('broken'))] }), TypeError);
});

test('one that refuses its inputs leaves the place to another of its family', async () => {
  const refusing = toyMetric('refusing', ['real'], async () => ({ value: 1 }), { refusal: () => 'of bounds only' });
  const { evaluation } = await evaluate(model, data, { ...options, known: [refusing] });
  assert.deepEqual([evaluation.rows, evaluation.skipped], [[], []]);
  await assert.rejects(
    evaluate(model, data, { ...options, known: [refusing], metrics: ['refusing'] }),
    /refusing cannot be computed here: of bounds only/,
  );
});

test('slow metrics are left out unless asked for; the estimate is told before', async () => {
  const slow = toyMetric('slow', ['real'], async () => ({ value: 1 }), { estimateSeconds: () => 600 });
  const { evaluation } = await evaluate(model, data, { ...options, known: [slow] });
  assert.match(evaluation.skipped[0]?.why ?? '', /about 10 minutes; --metrics slow computes it/);
  const told: unknown[] = [];
  await evaluate(model, data, {
    ...{ ...options, known: [slow], metrics: ['slow'] },
    onProgress: (...all) => void told.push(all),
  });
  assert.deepEqual(told.at(-1), ['The slow', 0, 600]);
});

test('a metric that looks at what it does not need is found out', async () => {
  const peeping = toyMetric('peeping', ['real'], async (inputs) => ({
    value: 'samples' in inputs && inputs.samples !== undefined ? 1 : 0,
  }));
  await assert.rejects(evaluate(model, data, { ...options, known: [peeping] }), /peeping looks at "samples"/);
});

test('it can be stopped between metrics', async () => {
  const controller = new AbortController();
  const stopping = toyMetric('stopping', ['real'], async () => {
    controller.abort();
    return { value: 1 };
  });
  await assert.rejects(evaluate(model, data, { ...options, known: [stopping, gap], signal: controller.signal }), {
    name: 'AbortError',
  });
});

test('without held-out rows training rows stand in, and a warning says so', async () => {
  const { evaluation } = await evaluate(model, { training }, options);
  assert.equal(evaluation.data.heldOut, undefined);
  assert.match(evaluation.warnings[0] ?? '', /judged by the rows that it was trained on/);
  assert.equal(evaluation.rows[0]?.reference, undefined);
});

test('data of other rows are refused', async () => {
  const wide = fromArrays({ x: random(1).normal(30), shape: [3] });
  await assert.rejects(evaluate(model, { training, heldOut: wide }, options), ShapeError);
  await assert.rejects(
    evaluate(model, { training: wide, heldOut: wide }, { ...options, features: pixels([3]) }),
    (error) => error instanceof ShapeError && /Use the data that it was trained on/.test(error.message),
  );
});

test('a model that copies is seen to: its samples lie on training rows', async () => {
  const copying = kernelDensity({ bandwidth: 1e-6 });
  await copying.fit(training);
  const { neighbours } = await evaluate(copying, data, options);
  assert.ok(neighbours?.typical.distances.every((distance) => distance < 1e-4));
  const { neighbours: honest } = await evaluate(model, data, options);
  assert.ok(honest?.typical.distances.some((distance) => distance > 0.01));
  // Of the copies even those that came first lie nearer than the closest of an honest model.
  const farthestCopy = Math.max(...(neighbours?.typical.distances ?? []));
  assert.ok(honest?.closest.distances.every((distance) => distance > farthestCopy));
  assert.deepEqual([honest?.among, honest?.closest.distances.length], [300, 10]);
  await copying.dispose();
});

test('classes of samples are compared where model and data have the same', async () => {
  const labelled = toyMetric('labelled', ['sampleLabels', 'realLabels'], async ({ sampleLabels, realLabels }) => ({
    value: sampleLabels.length + realLabels.length / 1000,
  }));
  const bayes = gaussianBayes();
  await bayes.fit(training);
  const { evaluation } = await evaluate(bayes, data, { ...options, known: [labelled] });
  assert.equal(evaluation.rows[0]?.value, 300.2);
  const renamed = { training, heldOut: { ...heldOut, classes: ['a', 'b'] } };
  const other = await evaluate(bayes, renamed, { ...options, known: [labelled] });
  assert.equal(other.evaluation.skipped[0]?.why, 'the classes of the model and of the data differ');
  await bayes.dispose();
});

test('a model that rounds pixels is scored per level of its own, and says how many there are', async () => {
  const images = fromArrays({
    x: Float32Array.from(random(3).integers(40 * 16, 0, 256), (level) => level / 255),
    shape: [4, 4, 1],
    name: 'noise',
  });
  const rounding = pixelcnn({ output: 'categorical', levels: 4, filters: 4, layers: 1, headSize: 4 });
  await rounding.fit(images, { steps: 1, batchSize: 8, seed: 0 });
  const { evaluation } = await evaluate(
    rounding,
    { training: images, heldOut: images },
    { metrics: ['bits-per-dimension', 'log-probability'], samples: 20 },
  );
  await rounding.dispose();
  assert.deepEqual(
    evaluation.rows.map(({ metric, details }) => [metric, details?.levels]),
    [
      ['bits-per-dimension', 4],
      ['log-probability', 4],
    ],
  );
  // Hardly trained, it spreads pixels over their four levels: two bits.
  assert.ok(Math.abs((evaluation.rows[0]?.value ?? 0) - 2) < 0.5);
});
