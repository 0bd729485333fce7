import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fromArrays, openDataset, readNpy, writeNpy } from '../data/index.js';
import { gaussianBayes } from '../models/bayes/gaussian-bayes.js';
import { bayesClassifier } from '../models/tools/bayes-classifier.js';
import { random } from '../runtime/random.js';
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
    [
      ['g', '--data', 'two-moons'],
      2,
      /gan has no density of rows and classes, nor probabilities of classes\. Models that have: .*gaussian-bayes/,
    ],
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
  const result = await classifyRows(bayesClassifier(first), data);
  const text = classifyText(result, 'x');
  assert.match(text, /\nc0 +1 +100\.00 % +7\.14 %\nc1 +1 +0\.00 % +-\n/);
  assert.doesNotMatch(text, /Each line/);
  assert.match(
    JSON.stringify(classifyDocument(result)),
    /"name":"c1","rows":1,"predicted":0,"recall":0,"precision":null/,
  );
});

test('one run for each class: by equal and by given priors, named by the command or the folder', async () => {
  // Two Gaussians, apart by two deviations: where a row is called the second class follows from the priors.
  const rows = (mean: number, seed: number) => random(seed).normal(400, mean);
  for (const [name, mean] of [
    ['low', 0],
    ['high', 2],
  ] as const) {
    await writeFile(place.path(`${name}.npy`), writeNpy({ data: rows(mean, mean), shape: [400, 1] }));
    const { code, stderr } = await place.run([
      'train',
      'gaussian-mixture',
      '--data',
      `${name}.npy`,
      '--set',
      'components=1',
      '--out',
      name,
    ]);
    assert.equal(code, 0, stderr);
  }
  const both = Float32Array.from([...rows(0, 5), ...rows(2, 7)]);
  await writeFile(place.path('both.npy'), writeNpy({ data: both, shape: [800, 1] }));
  const args = ['--data', 'both.npy', '--json', '--out', 'both-classes.csv'];
  const equal = JSON.parse((await place.run(['classify', 'low', 'high', ...args])).stdout);
  assert.deepEqual(
    [equal.runs, equal.classes, equal.quantity],
    [{ low: 'low', high: 'high' }, ['low', 'high'], 'log-density'],
  );
  const called = async () =>
    (await readFile(place.path('both-classes.csv'), 'utf8'))
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0]);
  // The border is in the middle, near 1, with equal priors, and at 1 + ln(9) / 2, near 2.1, where the first is nine times as probable.
  const shareHigh = (labels: readonly (string | undefined)[], name: string) =>
    labels.filter((label) => label === name).length / 800;
  const expected = (border: number) => both.filter((value) => value > border).length / 800;
  assert.ok(Math.abs(shareHigh(await called(), 'high') - expected(1)) < 0.03);
  const given = await place.run(['classify', 'a=low', 'b=high', ...args, '--priors', '0.9,0.1']);
  assert.equal(given.code, 0, given.stderr);
  assert.deepEqual(JSON.parse(given.stdout).runs, { a: 'low', b: 'high' });
  assert.ok(Math.abs(shareHigh(await called(), 'b') - expected(1 + Math.log(9) / 2)) < 0.03);
});

test('runs that cannot be compared, and priors that fit no runs, are refused', async () => {
  await writeFile(
    place.path('wide.csv'),
    `length,width\n${Array.from({ length: 9 }, (_, i) => `${i},${i * i}`).join('\n')}\n`,
  );
  await writeFile(
    place.path('odd.csv'),
    `length,depth\n${Array.from({ length: 9 }, (_, i) => `${i},${i * i}`).join('\n')}\n`,
  );
  for (const name of ['wide', 'odd'])
    assert.equal((await place.run(['train', 'gaussian-bayes', '--data', `${name}.csv`, '--out', name])).code, 0);
  const wrong: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['wide', 'odd', '--data', 'wide.csv'], 1, /"wide" and "odd" were fitted to tables whose columns, .* differ/],
    [['r', 'x=g', '--data', 'two-moons'], 2, /gan has no density, nor a bound/],
    [['a=r', 'a=r', '--data', 'two-moons'], 2, /The class "a" was named twice/],
    [['a=r', 'b=r', '--data', 'two-moons', '--priors', '0.2,0.3,0.5'], 2, /3 priors were given for 2 classes/],
    [['a=r', 'b=r', '--data', 'two-moons', '--priors', '0.2,0.3'], 2, /Expected shares that add up to 1/],
    [['r', '--data', 'two-moons', '--priors', '0.5,0.5'], 2, /--priors is for several runs/],
    [['wide', '--data', 'wide.csv'], 2, /fitted without labels/],
  ];
  for (const [args, code, message] of wrong) {
    const result = await place.run(['classify', ...args]);
    assert.deepEqual([result.code, result.stdout], [code, ''], result.stderr);
    assert.match(result.stderr, message);
    assert.match(result.stderr, /^verisim: .*\n$/);
  }
});

test('a classifier tells classes as generative models do, and draws nothing', async () => {
  const { code, stdout, stderr } = await place.run([
    ...['train', 'classifier', '--data', 'two-moons', '--epochs', '1', '--validation', '0.1', '--out', 'k'],
  ]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /\nNext: npx verisim classify k --data two-moons --split test\n$/);
  const told = await place.run(['classify', 'k', '--data', 'two-moons', '--split', 'test', '--json']);
  const document = JSON.parse(told.stdout);
  assert.ok(document.accuracy > 0.98);
  assert.equal(document.quantity, undefined);
  const text = await place.run(['classify', 'k', '--data', 'two-moons', '--split', 'test']);
  assert.match(text.stdout, /\nquantity {3}probabilities of classes, learnt as such\n/);
  const drawn = await place.run(['sample', 'k']);
  assert.notEqual(drawn.code, 0);
  assert.match(
    drawn.stderr,
    /classifier has no way to draw rows\. Models that have: .*gan.*It tells classes: verisim classify/,
  );
  const explained = await place.run(['info', 'k', '--explain']);
  assert.match(explained.stdout, /The model classifier draws no rows, so it has no sampling program/);
});
