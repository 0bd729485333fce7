import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fromArrays, openDataset, readNpy } from '../data/index.js';
import { gaussianBayes } from '../models/bayes/gaussian-bayes.js';
import { bayesClassifier } from '../models/tools/bayes-classifier.js';
import { classifyDocument, classifyRows, classifyText } from './actions/classify.js';
import { tinyGan, workplace } from './testing/workplace.js';

const place = await workplace();
const trained = await place.run(['train', 'gaussian-bayes', '--data', 'two-moons', '--out', 'r']);
await place.run(['train', 'gan', '--data', 'two-moons', '--steps', '2', '--batch', '8', '--out', 'g', ...tinyGan]);

/** What the library says of the same rows. */
const model = gaussianBayes();
await model.fit(await openDataset('two-moons'));
const test2 = await openDataset('two-moons', { split: 'test' });
const classifier = bayesClassifier(model);
const expected = await classifier.predict(test2);
const accuracy = await classifier.accuracy(test2);

test('accuracy, each class, and which classes are taken for which', async () => {
  assert.equal(trained.code, 0, trained.stderr);
  const { code, stdout, stderr } = await place.run(['classify', 'r', '--data', 'two-moons', '--split', 'test']);
  assert.deepEqual([code, stderr], [0, '']);
  const percent = (100 * accuracy).toFixed(2).replace('.', '\\.');
  assert.match(
    stdout,
    new RegExp(`^accuracy   ${percent} % \\(\\d+ of 10000\\)\ndata       two-moons, test: 10000 rows\n`),
  );
  assert.match(stdout, /\nclass +rows +recall +precision +upper moon +lower moon\n/);
  assert.match(stdout, /\nupper moon +\d+ +\d\d\.\d\d % +\d\d\.\d\d % +\d+ +\d+\n/);
  // Two Gaussians tell the moons apart far better than chance, but not well.
  assert.ok(accuracy > 0.8 && accuracy < 0.95);
});

test('as one JSON document, every row in a file', async () => {
  const args = ['classify', 'r', '--data', 'two-moons', '--split', 'test'];
  const { stdout } = await place.run([...args, '--json', '--out', 'c.npy']);
  const document = JSON.parse(stdout);
  assert.ok(Math.abs(document.accuracy - accuracy) < 1e-12);
  assert.deepEqual(document.classes, ['upper moon', 'lower moon']);
  assert.equal(
    document.confusion.flat().reduce((a: number, b: number) => a + b),
    10_000,
  );
  assert.equal(document.perClass[1].name, 'lower moon');
  const { data, shape } = readNpy(await readFile(place.path('c.npy')), 'c.npy');
  assert.deepEqual([shape, data], [[10_000], expected]);
  await place.run([...args, '--out', 'c.csv']);
  const [heading, first] = (await readFile(place.path('c.csv'), 'utf8')).split('\n');
  assert.equal(heading, 'predicted,probability,actual');
  assert.match(String(first), /^(upper|lower) moon,(0\.[5-9]\d*|1),(upper|lower) moon$/);
});

test('without labels the classes are counted', async () => {
  await place.writePoints(50);
  const { code, stdout } = await place.run(['classify', 'r', '--data', 'points.npy']);
  assert.equal(code, 0);
  assert.match(stdout, /^data {7}points\.npy: 50 rows, without labels\n\nclass +rows called so\n/);
  const { accuracy: none, predicted } = JSON.parse(
    (await place.run(['classify', 'r', '--data', 'points.npy', '--json'])).stdout,
  );
  assert.equal(none, undefined);
  assert.equal(predicted['upper moon'] + predicted['lower moon'], 50);
});

test('a model without classes, and data of quite other ones, are refused', async () => {
  const wrong: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['g', '--data', 'two-moons'], 2, /gan has no density of rows and classes\. Models that have: .*gaussian-bayes/],
    [['r', '--data', 'rings'], 1, /classes radius 0\.75.*the model upper moon, lower moon: they have none in common/],
    [['r', '--data', 'two-moons', '--out', 'c.txt'], 2, /Unknown kind of file "\.txt"/],
  ];
  for (const [args, code, message] of wrong) {
    const result = await place.run(['classify', ...args]);
    assert.deepEqual([result.code, result.stdout], [code, ''], result.stderr);
    assert.match(result.stderr, message);
    assert.match(result.stderr, /^verisim: .*\n$/);
  }
});

test('undefined shares are a dash, and null in JSON; many classes have no matrix', async () => {
  const rows = 14;
  const data = fromArrays({
    x: new Float32Array(rows),
    shape: [1],
    labels: Array.from({ length: rows }, (_, row) => row),
    classes: Array.from({ length: rows }, (_, row) => `c${row}`),
  });
  // Calls every row by the first class.
  const first = {
    jointLogProb: async ({ shape: [count = 0] }: { readonly shape: readonly number[] }) => ({
      values: Float64Array.from({ length: count * rows }, (_, i) => (i % rows === 0 ? 0 : -5)),
      classes: data.classes ?? [],
    }),
  };
  const result = await classifyRows(first, data);
  const text = classifyText(result, 'x');
  assert.match(text, /\nc0 +1 +100\.00 % +7\.14 %\nc1 +1 +0\.00 % +-\n/);
  assert.doesNotMatch(text, /Each line/);
  assert.match(
    JSON.stringify(classifyDocument(result)),
    /"name":"c1","rows":1,"predicted":0,"recall":0,"precision":null/,
  );
});
