import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import sharp from 'sharp';
import { readSafetensors, writeNpy } from '../data/index.js';
import { readMetrics } from '../training/node/metrics-file.js';
import { readRunConfig } from '../training/node/run-config.js';
import { tinyGan, workplace } from './testing/workplace.js';

const place = await workplace();

test('points: a run folder with everything, results on stdout, progress on stderr', async () => {
  await place.writePoints(64);
  const { code, stdout, stderr } = await place.run([
    'train',
    'gan',
    '--data',
    'points.npy',
    '--steps',
    '25',
    '--batch',
    '8',
    '--threads',
    '1',
    ...tinyGan,
  ]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^Trained 25 steps in .*\n {2}samples {2}runs\/gan-points\/samples\/step-0000025\.csv\n/);
  assert.match(stdout, /Next: npx verisim sample runs\/gan-points\n$/);
  assert.match(stderr, /^gan on points\.npy: 64 rows of 2 -> runs\/gan-points\nCompiling the training step \.\.\.\n/);
  assert.match(stderr, /100 %.*step 25\/25.*done {2}D loss \d.*G loss \d/);
  const run = place.path('runs', 'gan-points');
  assert.deepEqual((await readdir(run)).sort(), [
    'charts',
    'checkpoint',
    'config.json',
    'metrics.jsonl',
    'model',
    'samples',
    'timeline.jsonl',
  ]);
  assert.deepEqual(
    (await readMetrics(run)).map(({ step }) => step),
    [10, 20, 25],
  );
  assert.ok(existsSync(`${run}/charts/training.svg`) && existsSync(`${run}/charts/training.png`));
  assert.match(await readFile(`${run}/samples/step-0000025.csv`, 'utf8'), /^x1,x2\n-?\d/);
});

test('config.json says everything needed to do it again', async () => {
  const config = await readRunConfig(place.path('runs', 'gan-points'));
  assert.equal(config.model, 'gan');
  assert.deepEqual(config.options.generatorLayers, [8]);
  assert.equal(config.options.learningRate, 2e-4);
  assert.deepEqual(config.training, { steps: 25, totalSteps: 25, batchSize: 8, seed: 0, device: 'cpu', threads: 1 });
  assert.equal(config.data.name, place.path('points.npy'));
  assert.deepEqual([config.data.length, config.data.exampleShape], [64, [2]]);
  assert.match(String(config.data.source.sha256), /^[0-9a-f]{64}$/);
  assert.match(config.data.fingerprint, /^[0-9a-f]{64}$/);
  assert.deepEqual(Object.keys(config.versions), ['verisim', 'node', 'onnxruntime-node']);
  assert.ok(Object.values(config.versions).every((version) => /^v?\d+\.\d+\.\d+/.test(version)));
  assert.ok(!Number.isNaN(Date.parse(config.started)));
});

test('images: grids at the start, on the way and at the end, and an animation', async () => {
  await place.writeImages(
    'photos',
    Array.from({ length: 12 }, () => [10, 9] as const),
  );
  const { code, stdout, stderr } = await place.run([
    ...[
      'train',
      'dcgan',
      '--data',
      'photos',
      '--set',
      'channels=4',
      '--steps',
      '3',
      '--batch',
      '4',
      '--json',
      '--out',
      'p',
    ],
  ]);
  assert.equal(code, 0, stderr);
  const document = JSON.parse(stdout);
  assert.deepEqual(
    [document.run, document.iterations, document.stoppedBecause, document.converged, document.warnings],
    ['p', 3, 'finished', false, []],
  );
  assert.ok(Object.values(document.metrics).every(Number.isFinite));
  assert.deepEqual((await readdir(place.path('p', 'samples'))).sort(), [
    'step-0000000.png',
    'step-0000001.png',
    'step-0000002.png',
    'step-0000003.png',
    'training.gif',
  ]);
  const { width, height, channels } = await sharp(place.path('p', 'samples', 'step-0000003.png')).metadata();
  // Eight by eight images, each six times as large, with gaps of two pixels.
  assert.deepEqual([width, height, channels], [2 + 8 * (6 * 10 + 2), 2 + 8 * (6 * 9 + 2), 3]);
});

test('images of different sizes need --size, and are then brought to it', async () => {
  await place.writeImages('mixed', [
    [10, 9],
    [20, 30],
    [8, 8],
    [50, 9],
  ]);
  const without = await place.run(['train', 'dcgan', '--data', 'mixed', '--steps', '1', '--batch', '2', '--out', 'm']);
  assert.equal(without.code, 2);
  assert.match(without.stderr, /size/);
  const tiny = ['--set', 'channels=2', '--steps', '1', '--batch', '2', '--out', 'm'];
  const { code, stderr } = await place.run(['train', 'dcgan', '--data', 'mixed', '--size', '8x12', ...tiny]);
  assert.equal(code, 0, stderr);
  const { data } = await readRunConfig(place.path('m'));
  assert.deepEqual(
    [data.exampleShape, data.size],
    [
      [8, 12, 3],
      [8, 12],
    ],
  );
  const resumed = await place.run(['train', '--resume', 'm', '--steps', '2']);
  assert.equal(resumed.code, 0, resumed.stderr);
  const points = await place.run(['train', 'gan', '--data', 'two-moons', '--size', '8', '--out', 'n']);
  assert.equal(points.code, 2);
  assert.match(points.stderr, /--size is for images; the rows of two-moons have shape \[2\]/);
});

test('seeds and threads decide the weights, nothing else does', async () => {
  const weights = async (out: string, ...args: readonly string[]) => {
    const common = ['train', 'gan', '--data', 'two-moons', '--steps', '12', '--batch', '8', ...tinyGan];
    const { code, stderr } = await place.run([...common, '--out', out, ...args]);
    assert.equal(code, 0, stderr);
    return readFile(place.path(out, 'model', 'weights.safetensors'));
  };
  const first = await weights('s1');
  assert.deepEqual(await weights('s2'), first);
  assert.notDeepEqual(await weights('s3', '--seed', '1'), first);
  const { tensors } = readSafetensors(first);
  assert.deepEqual(tensors.get('generator/output/weight')?.shape, [8, 2]);
});

test('other devices train too, and their runs resume there', async () => {
  const { code, stderr } = await place.run([
    ...[
      'train',
      'gan',
      '--data',
      'two-moons',
      '--steps',
      '3',
      '--batch',
      '8',
      '--device',
      'wasm',
      '--out',
      'w',
      ...tinyGan,
    ],
  ]);
  assert.equal(code, 0, stderr);
  assert.equal((await place.run(['train', '--resume', 'w', '--steps', '5'])).code, 0);
  const { training, versions } = await readRunConfig(place.path('w'));
  assert.deepEqual([training.device, training.totalSteps], ['wasm', 5]);
  assert.match(String(versions['onnxruntime-web']), /^\d+\.\d+\.\d+/);
});

test('a training that diverges exits 1 with a model that can be used and a run that can be read', async () => {
  const { code, stdout, stderr } = await place.run([
    ...['train', 'gan', '--data', 'two-moons', '--steps', '300', '--batch', '8', '--out', 'd', ...tinyGan],
    ...['--set', 'learningRate=1e6', '--set', 'optimiser=sgd'],
  ]);
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.match(
    stderr,
    /\nverisim: Training diverged at step \d+: \S+ .*kept\. What helps: lower learningRate from 1000000/,
  );
  assert.doesNotMatch(stderr, /\n {4}at /);
  assert.equal((await place.run(['sample', 'd', '--out', 'd.npy'])).code, 0);
  const info = await place.run(['info', 'd']);
  assert.equal(info.code, 0, info.stderr);
  assert.equal(existsSync(place.path('d', '.lock')), false);
});

test('a mistake in the options or the data leaves no run folder behind', async () => {
  const wrong: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['dcgan', '--data', 'points.npy'], 1, /images \[H, W, C\] of at least 8x8.*use gan/],
    [['gan', '--data', 'points.npy', '--batch', '65'], 2, /65 rows.*only 64.*at most 64/],
    [
      ['gan', '--data', 'points.npy', '--batch', '40', '--set', 'discriminatorSteps=2'],
      2,
      /80 rows \(2 discriminator steps of 40\)/,
    ],
    [['gan', '--data', 'points.npy', '--flip'], 1, /Rows of shape \[2\] cannot be mirrored/],
    [['gan', '--data', 'points.npy', '--shift'], 1, /Rows of shape \[2\] cannot be shifted/],
    [['gan', '--data', 'two-moons', '--set', 'latentSize=0'], 2, /"latentSize" is 0/],
  ];
  for (const [args, code, message] of wrong) {
    const result = await place.run(['train', ...args, '--out', 'mistake']);
    assert.deepEqual([result.code, result.stdout], [code, ''], result.stderr);
    assert.match(result.stderr, message);
    assert.equal(existsSync(place.path('mistake')), false);
  }
});

test('data that cannot be used are named with the reason', async () => {
  const bad = new Float32Array(8 * 9 * 9).fill(0.5);
  const write = async (name: string, value: number) => {
    const data = bad.slice();
    data[100] = value;
    await writeFile(place.path(name), writeNpy({ data, shape: [8, 9, 9, 1] }));
  };
  await write('nan.npy', Number.NaN);
  await write('range.npy', 255);
  await writeFile(place.path('empty.npy'), '');
  await writeFile(place.path('truncated.npy'), writeNpy({ data: bad, shape: [8, 9, 9, 1] }).subarray(0, 500));
  await writeFile(place.path('words.npy'), 'these are no numbers');
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['nan.npy', /Row 1 of "nan\.npy" holds NaN/],
    ['range.npy', /Row 1 of "range\.npy" holds 255.*\[0, 1\]/],
    ['empty.npy', /empty\.npy/],
    ['truncated.npy', /truncated\.npy/],
    ['words.npy', /words\.npy is of no known kind/],
    ['nowhere.npy', /There is no file or folder nowhere\.npy/],
  ];
  for (const [name, message] of wrong) {
    const { code, stderr } = await place.run(['train', 'dcgan', '--data', name, '--out', 'bad']);
    assert.equal(code, 1, stderr);
    assert.match(stderr, message);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
    assert.equal(existsSync(place.path('bad')), false);
  }
});
