import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fromArrays, readNpy, writeNpy } from '../data/index.js';
import { gaussianBayes } from '../models/bayes/gaussian-bayes.js';
import { random } from '../runtime/random.js';
import { scoreText, summarise } from './actions/score.js';
import { rowsDisplay } from './rows-display.js';
import { tinyGan, workplace } from './testing/workplace.js';

const place = await workplace();
await place.writePoints(200);
const points = random(1).normal(400);
const trained = await place.run(['train', 'gaussian-bayes', '--data', 'points.npy', '--out', 'r']);
await place.run(['train', 'gan', '--data', 'points.npy', '--steps', '2', '--batch', '8', '--out', 'g', ...tinyGan]);

/** What the library says of the same rows. */
const model = gaussianBayes();
const data = fromArrays({ x: points, shape: [2] });
await model.fit(data);
const expected = await model.logProb({ data: points, shape: [200, 2] });
await model.dispose();
const mean = expected.reduce((a, b) => a + b, 0) / 200;

test('the mean log-density of a row, with which quantity it is and of what', async () => {
  assert.equal(trained.code, 0, trained.stderr);
  const { code, stdout, stderr } = await place.run(['score', 'r', '--data', 'points.npy']);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, new RegExp(`^mean       ${mean.toFixed(4)} nats per row, standard error 0\\.\\d{4}\n`));
  assert.match(stdout, /\nquantity {3}exact log-density\ndata {7}points\.npy: 200 rows\n$/);
  // A standard normal in two dimensions has the entropy 1 + log(2 pi) = 2.838.
  assert.ok(Math.abs(mean + 2.838) < 0.3);
});

test('as one JSON document, every row in a file', async () => {
  for (const out of ['scores.npy', 'scores.csv']) {
    const { stdout } = await place.run(['score', 'r', '--data', 'points.npy', '--json', '--out', out]);
    const document = JSON.parse(stdout);
    assert.deepEqual(
      [
        document.run,
        document.model,
        document.data,
        document.quantity,
        document.rows,
        document.impossible,
        document.out,
      ],
      ['r', 'gaussian-bayes', 'points.npy', 'log-density', 200, 0, out],
    );
    assert.ok(Math.abs(document.mean - mean) < 1e-12);
  }
  const { data: values, shape } = readNpy(await readFile(place.path('scores.npy')), 'scores.npy');
  assert.deepEqual([shape, values], [[200], expected]);
  const [heading, ...lines] = (await readFile(place.path('scores.csv'), 'utf8')).trimEnd().split('\n');
  assert.equal(heading, 'logProb');
  assert.deepEqual(lines.map(Number), [...expected]);
});

test('a model folder can be asked too', async () => {
  const { code, stdout } = await place.run(['score', 'r/model', '--data', 'points.npy']);
  assert.equal(code, 0);
  assert.match(stdout, /^mean/);
});

test('what cannot be scored is refused with the reason', async () => {
  await writeFile(place.path('wide.npy'), writeNpy({ data: new Float32Array(12), shape: [4, 3] }));
  await cp(place.path('r'), place.path('broken'), { recursive: true });
  await writeFile(place.path('broken', 'model', 'model.json'), '{');
  const wrong: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['g', '--data', 'points.npy'], 2, /gan has no density, nor a bound on one\. Models that have: .*gaussian-bayes/],
    [['r'], 2, /Name the data to look at, such as --data \S+points\.npy --split test/],
    [['r', '--data', 'wide.npy'], 1, /rows of wide\.npy have shape \[3\], but the model was fitted to rows of \[2\]/],
    [['r/model', '--data', 'wide.npy'], 1, /\[4, 3\]/],
    [['r', '--data', 'points.npy', '--out', 'x.png'], 2, /Unknown kind of file "\.png".*\.csv, \.npy/],
    [['r', '--data', 'points.npy', '--split', 'test'], 2, /points\.npy/],
    [['r', '--data', 'points.npy', '--split', 'tests'], 2, /'tests' is invalid/],
    [['r', '--data', 'points.npy', '--out', 'no/such/x.npy'], 1, /could not be written: the folder does not exist/],
    [['nowhere', '--data', 'points.npy'], 1, /There is no folder nowhere/],
    [['broken', '--data', 'points.npy'], 1, /model\.json: is no JSON/],
  ];
  for (const [args, code, message] of wrong) {
    const result = await place.run(['score', ...args]);
    assert.deepEqual([result.code, result.stdout], [code, ''], `${args.join(' ')}: ${result.stderr}`);
    assert.match(result.stderr, message);
    assert.match(result.stderr, /^verisim: .*\n$/);
  }
});

test('mean, spread and median by hand; rows of density 0 are counted, and are no number in JSON', () => {
  const summary = summarise({ values: Float64Array.of(-1, -2, -6), quantity: 'elbo' });
  assert.deepEqual(summary, {
    quantity: 'elbo',
    rows: 3,
    mean: -3,
    // Deviations 2, 1, -3: variance 14 / 2, over 3 rows.
    standardError: Math.sqrt(7 / 3),
    min: -6,
    median: -2,
    max: -1,
    impossible: 0,
  });
  assert.match(scoreText(summary, 'x'), /quantity {3}evidence lower bound on the log-density\n/);
  const impossible = summarise({ values: Float64Array.of(Number.NEGATIVE_INFINITY, -2), quantity: 'log-density' });
  assert.deepEqual(
    [impossible.mean, impossible.standardError, impossible.min, impossible.impossible],
    [null, null, null, 1],
  );
  assert.match(
    scoreText(impossible, 'x'),
    /^mean {7}-Infinity nats per row\n.*\n.*\n.*\nimpossible 1 row of density 0/,
  );
  const single = summarise({ values: Float64Array.of(-2), quantity: 'log-density' });
  assert.deepEqual([single.mean, single.standardError, single.median], [-2, null, -2]);
});

test('a long pass shows its rows on a terminal alone, and leaves nothing there', () => {
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  const terminal = rowsDisplay('Scoring', { isTTY: true, write });
  terminal(4096, 10_000);
  terminal(10_000, 10_000);
  rowsDisplay('Scoring', { isTTY: false, write })(4096, 10_000);
  assert.deepEqual(written, ['\rScoring: 4096 of 10000 rows\u001b[K', '\r\u001b[K']);
});
