import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fromArrays, readNpy, writeNpy } from '../data/index.js';
import { auroc, averagePrecision } from '../metrics/index.js';
import { gaussianBayes } from '../models/bayes/gaussian-bayes.js';
import { anomalyScore, anomalyThreshold } from '../models/tools/anomaly-score.js';
import { random } from '../runtime/random.js';
import { anomaliesText, detect, knownAnomalies } from './actions/anomalies.js';
import { tinyGan, workplace } from './testing/workplace.js';

const place = await workplace();
await place.writePoints(200);
const trained = await place.run(['train', 'gaussian-bayes', '--data', 'points.npy', '--out', 'r']);
// 40 rows like the training rows, then 10 far out.
const [near, far] = [random(7).normal(80), random(8).normal(20, 4)];
const mixed = new Float32Array([...near, ...far]);
await writeFile(place.path('mixed.npy'), writeNpy({ data: mixed, shape: [50, 2] }));

/** What the library says of the same rows. */
const model = gaussianBayes();
await model.fit(fromArrays({ x: random(1).normal(400), shape: [2] }));
const training = await anomalyScore(model, { data: random(1).normal(400), shape: [200, 2] });
const scores = await anomalyScore(model, { data: mixed, shape: [50, 2] });

test('the line is drawn by the rows that the run was trained on', async () => {
  assert.equal(trained.code, 0, trained.stderr);
  const threshold = anomalyThreshold(training.values, { contamination: 0.02 });
  const args = ['anomalies', 'r', '--data', 'mixed.npy', '--contamination', '0.02'];
  const { stdout, stderr } = await place.run([...args, '--json', '--out', 'a.npy']);
  const document = JSON.parse(stdout);
  assert.equal(stderr, '');
  assert.ok(Math.abs(document.threshold - threshold) < 1e-12);
  assert.equal(document.anomalies, scores.values.filter((score) => score > threshold).length);
  assert.deepEqual([document.rows, document.quantity], [50, 'log-density']);
  assert.deepEqual(readNpy(await readFile(place.path('a.npy')), 'a.npy').data, scores.values);
  const text = await place.run([...args, '--out', 'a.csv']);
  assert.match(
    text.stdout,
    /^anomalies {2}\d+ of 50 rows \(\d+\.0 %\)\nthreshold {2}score above \d\.\d{4} nats, from 2 % of the training rows, /,
  );
  assert.match(text.stdout, /\nscore {6}minus the exact log-density\n/);
  const [heading, first] = (await readFile(place.path('a.csv'), 'utf8')).split('\n');
  assert.deepEqual(
    [heading, first],
    ['score,anomaly', `${scores.values[0]},${Number((scores.values[0] ?? 0) > threshold)}`],
  );
});

test('a threshold can be given; a model folder draws the line by the rows themselves', async () => {
  const given = await place.run(['anomalies', 'r', '--data', 'mixed.npy', '--threshold', '-1e3', '--json']);
  assert.deepEqual([JSON.parse(given.stdout).anomalies, JSON.parse(given.stdout).thresholdFrom], [50, '--threshold']);
  const folder = await place.run(['anomalies', 'r/model', '--data', 'mixed.npy', '--contamination', '0.2', '--json']);
  assert.equal(JSON.parse(folder.stdout).anomalies, 10);
  assert.match(JSON.parse(folder.stdout).thresholdFrom, /20 % of the rows themselves/);
});

test('where classes are known, AUROC and average precision', async () => {
  const run = (...args: readonly string[]) => place.run(['anomalies', 'r', '--data', 'rings', ...args]);
  const { stdout } = await run('--anomaly', 'radius 3', '--anomaly', 'radius 2.25', '--json');
  const document = JSON.parse(stdout);
  assert.deepEqual([document.anomalyClasses, document.anomalyClassesFrom], [['radius 3', 'radius 2.25'], 'named']);
  // The outer rings, without noise between them and the inner ones, are the less plausible ones.
  assert.deepEqual([document.auroc, document.averagePrecision], [1, 1]);
  const text = await run('--anomaly', 'radius 3');
  assert.match(
    text.stdout,
    /\ntruth {6}radius 3: \d+ rows, of which \d+ were found\nAUROC {6}1\.0000\nprecision {2}1\.0000 on average\n/,
  );
  const unnamed = await run();
  assert.match(unnamed.stdout, /\nName the classes of anomalies with --anomaly for AUROC; the data has radius 0\.75, /);
  assert.doesNotMatch(unnamed.stdout, /AUROC {6}/);
});

test('of two classes the rarer one counts as anomalies, and that is said', async () => {
  const x = Float32Array.from({ length: 10 }, (_, row) => row);
  const labels = [0, 1, 1, 1, 1, 0, 1, 1, 1, 0];
  const data = fromArrays({ x, shape: [1], labels, classes: ['odd', 'usual', 'never'] });
  const known = await knownAnomalies(data, []);
  assert.ok(known !== undefined && typeof known !== 'string');
  assert.deepEqual([known.names, [...known.isAnomaly]], [['odd'], labels.map((label) => 1 - label)]);
  const values = Float64Array.from(x);
  const detection = detect({ values, quantity: 'elbo' }, { value: 4.5, from: 'somewhere' }, known);
  assert.equal(detection.known?.auroc, auroc(values, known.isAnomaly));
  assert.equal(detection.known?.averagePrecision, averagePrecision(values, known.isAnomaly));
  const text = anomaliesText(detection, 'x');
  assert.match(text, /^anomalies {2}5 of 10 rows \(50\.0 %\)\n/);
  assert.match(
    text,
    /\ntruth {6}odd, as the rarer of two classes \(--anomaly names another\): 3 rows, of which 2 were found\n/,
  );
  assert.match(text, /minus the evidence lower bound/);
  assert.deepEqual(await knownAnomalies(data, ['usual', 'odd']).then((all) => typeof all === 'object' && all.names), [
    'usual',
    'odd',
  ]);
  const even = fromArrays({ x: new Float32Array(2), shape: [1], labels: [0, 1] });
  assert.match(String(await knownAnomalies(even, [])), /the data has 0, 1\./);
  assert.equal(await knownAnomalies(fromArrays({ x, shape: [1] }), []), undefined);
});

test('what cannot be done is refused with the reason', async () => {
  await place.run(['train', 'gan', '--data', 'points.npy', '--steps', '2', '--batch', '8', '--out', 'g', ...tinyGan]);
  const wrong: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['g', '--data', 'mixed.npy'], 2, /gan has no density, nor a bound on one/],
    [['r', '--data', 'mixed.npy', '--contamination', '1.5'], 2, /Expected a share from 0 to 1/],
    [['r', '--data', 'mixed.npy', '--threshold', 'low'], 2, /Expected a number, received "low"/],
    [['r', '--data', 'rings', '--anomaly', 'radius 4'], 2, /Unknown class "radius 4"\. Did you mean "radius 3"/],
    [['r', '--data', 'mixed.npy', '--anomaly', 'x'], 1, /has no labels/],
  ];
  for (const [args, code, message] of wrong) {
    const result = await place.run(['anomalies', ...args]);
    assert.deepEqual([result.code, result.stdout], [code, ''], `${args.join(' ')}: ${result.stderr}`);
    assert.match(result.stderr, message);
    assert.match(result.stderr, /^verisim: .*\n$/);
  }
  // The training rows are gone: the line cannot be drawn, unless it is given.
  await rm(place.path('points.npy'));
  const gone = await place.run(['anomalies', 'r', '--data', 'mixed.npy']);
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /give one with --threshold\. There is no file or folder .*points\.npy/);
  assert.equal((await place.run(['anomalies', 'r', '--data', 'mixed.npy', '--threshold', '4'])).code, 0);
});
