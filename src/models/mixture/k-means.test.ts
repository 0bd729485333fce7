import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Dataset, fromArrays } from '../../data/index.js';
import { openRuntime } from '../../runtime/node/open.js';
import { random } from '../../runtime/random.js';
import { RowChunks } from '../row-chunks.js';
import { type KMeans, kMeans } from './k-means.js';
import { NearestCentrePass } from './nearest-centre-pass.js';
import { threeGroups, threeGroupsData } from './points.test.support.js';

const models: KMeans[] = [];
after(async () => {
  for (const model of models) await model.dispose();
});

function clustering(...options: Parameters<typeof kMeans>): KMeans {
  const model = kMeans(...options);
  models.push(model);
  return model;
}

const fitOptions = { seed: 0, threads: 1 };
const rows = { data: threeGroups, shape: [240, 3] };
const firstRows = (count: number): number[][] =>
  Array.from({ length: count }, (_, row) => Array.from(threeGroups.subarray(row * 3, row * 3 + 3)));

test('the same numbers as scikit-learn from the same start', async () => {
  // X as in gaussian-mixture.test.ts; scikit-learn 1.9.1
  // k = KMeans(3, init=X[:3], n_init=1, tol=0).fit(X); k.inertia_, k.cluster_centers_
  // KMeans(5, init=X[:5], n_init=1, tol=0).fit(X).inertia_
  const three = clustering({ clusters: 3, start: { centers: firstRows(3) }, tolerance: 0 });
  const report = await three.fit(threeGroupsData(), fitOptions);
  assert.equal(report.converged, true);
  assert.ok(Math.abs(three.inertia / 753.7461884192173 - 1) < 1e-12);
  const centers = [
    [1.9136842115733232, 1.6618421070375702, 1.840460523742398],
    [4.814177217362802, -0.3362869176589237, 1.8914556969192964],
    [7.919058816573203, -2.3501960775431483, 1.869705887664767],
  ].flat();
  for (const [i, wanted] of centers.entries()) assert.ok(Math.abs(Number(three.centers.data[i]) - wanted) < 1e-12);
  const five = clustering({ clusters: 5, start: { centers: firstRows(5) }, tolerance: 0 });
  await five.fit(threeGroupsData(), fitOptions);
  assert.ok(Math.abs(five.inertia / 584.5324631485494 - 1) < 1e-12);
});

test('inertia never rises, distances and clusters agree with it, and the best of several starts is kept', async () => {
  const model = clustering({ clusters: 6, start: 'random', restarts: 4, tolerance: 0 });
  const { history } = await model.fit(threeGroupsData(), fitOptions);
  const last = new Map<number, number>();
  for (const { metrics } of history) {
    const { restart = -1, inertia = Number.NaN } = metrics;
    assert.ok(inertia <= (last.get(restart) ?? Infinity) * (1 + 1e-12));
    last.set(restart, inertia);
  }
  assert.equal(last.size, 4);
  assert.ok(Math.abs(model.inertia / Math.min(...last.values()) - 1) < 1e-12);
  const { values, columns } = model.transform(rows);
  const clusters = model.predict(rows);
  let inertia = 0;
  for (const [row, cluster] of clusters.entries()) inertia += (values[row * columns + cluster] ?? 0) ** 2;
  assert.ok(Math.abs(inertia / model.inertia - 1) < 1e-12);
  assert.deepEqual(
    Array.from({ length: 6 }, (_, cluster) => clusters.filter((one) => one === cluster).length),
    Array.from(model.counts.data, Number),
  );
});

test('finds groups that stand apart, whatever the seed', async () => {
  const noise = random(1).normal(300);
  const x = noise.map((value, index) => value + 50 * (index % 10));
  for (const seed of [0, 1, 2]) {
    const model = clustering({ clusters: 10 });
    await model.fit(fromArrays({ x, shape: [1] }), { ...fitOptions, seed });
    const centers = Array.from(model.centers.data, Number).sort((a, b) => a - b);
    // Means of thirty numbers of deviation one.
    for (const [i, center] of centers.entries()) assert.ok(Math.abs(center - 50 * i) < 1, `${seed}: ${centers}`);
  }
});

test('samples stand around the centres as far as the rows do', async () => {
  const model = clustering({ clusters: 3 });
  await model.fit(threeGroupsData(), fitOptions);
  const drawn = await model.sample(2000, { seed: 4 });
  const { values, columns } = model.transform(drawn);
  let squares = 0;
  for (const [row, label] of (drawn.labels ?? []).entries()) squares += (values[row * columns + label] ?? 0) ** 2;
  assert.ok(Math.abs(squares / 2000 / (model.inertia / 240) - 1) < 0.1);
});

test('duplicate rows give fewer clusters and a warning; too few rows and other widths an error', async () => {
  const duplicates = fromArrays({ x: Array.from({ length: 30 }, (_, row) => [row % 2, 5]) });
  const model = clustering({ clusters: 4 });
  const { warnings } = await model.fit(duplicates, fitOptions);
  assert.match(warnings.join(), /2 distinct clusters were found, fewer than the 4 asked for.*duplicates/);
  assert.equal(model.inertia, 0);
  assert.ok(model.centers.data.every((value) => Number.isFinite(Number(value))));
  await assert.rejects(
    clustering({ clusters: 4 }).fit(fromArrays({ x: [[1], [2]] })),
    /4 clusters need at least 4 rows/,
  );
  assert.throws(() => model.predict(rows), /Rows of shape \[3\].*fitted to rows of shape \[2\]/);
  const large = fromArrays({ x: Float32Array.from(random(1).normal(60), (value) => 1e8 + value * 1e6), shape: [2] });
  const far = clustering({ clusters: 3 });
  assert.equal((await far.fit(large, fitOptions)).converged, true);
  assert.ok(far.inertia > 0 && Number.isFinite(far.inertia));
});

test('an abort keeps the centres so far', async () => {
  const stop = new AbortController();
  const model = clustering({ clusters: 8, start: 'random' });
  const report = await model.fit(threeGroupsData(), {
    ...fitOptions,
    signal: stop.signal,
    observer: { onProgress: () => stop.abort() },
  });
  assert.deepEqual([report.stoppedBecause, report.converged, report.iterations], ['aborted', false, 1]);
  assert.equal(model.predict(rows).length, 240);
});

/** Rows of ten groups in 8 dimensions that overlap somewhat. */
function overlappingGroups(count: number): Float32Array {
  const centres = random(5).normal(80, 0, 2);
  const noise = random(6).normal(count * 8);
  return noise.map((value, index) => value + (centres[(Math.floor(index / 8) % 10) * 8 + (index % 8)] ?? 0));
}

test('a first mini-batch of all rows is an iteration of Lloyd', async () => {
  const options = { clusters: 4, start: { centers: firstRows(4) }, maxIterations: 1 };
  const whole = clustering({ ...options, tolerance: 0 });
  await whole.fit(threeGroupsData(), fitOptions);
  const batch = clustering({ ...options, algorithm: 'mini-batch', batchSize: 1000 });
  const { converged, warnings } = await batch.fit(threeGroupsData(), fitOptions);
  assert.ok(Math.abs(batch.inertia / whole.inertia - 1) < 1e-12);
  for (const [i, wanted] of whole.centers.data.entries())
    assert.ok(Math.abs(Number(batch.centers.data[i]) - Number(wanted)) < 1e-12);
  assert.equal(converged, false);
  assert.match(String(warnings[0]), /Raise maxIterations/);
});

test('mini-batches come within a few percent of Lloyd, and stop by themselves', async () => {
  const data = fromArrays({ x: overlappingGroups(6000), shape: [8], name: 'groups' });
  const options = { clusters: 10, restarts: 3 };
  const exact = clustering(options);
  await exact.fit(data, fitOptions);
  for (const seed of [0, 1]) {
    const batches = clustering({ ...options, algorithm: 'mini-batch', batchSize: 256, maxIterations: 1000 });
    const { converged, history } = await batches.fit(data, { ...fitOptions, seed });
    assert.equal(converged, true);
    assert.ok(history.length < 1500, `${history.length} batches`);
    assert.ok(batches.inertia < 1.03 * exact.inertia, `${batches.inertia} against ${exact.inertia}`);
    assert.equal(
      Array.from(batches.counts.data, Number).reduce((a, b) => a + b, 0),
      6000,
    );
    // The inertia of the report is the model's own.
    const { values, columns } = batches.transform({ data: overlappingGroups(6000), shape: [6000, 8] });
    let inertia = 0;
    for (let row = 0; row < 6000; row++)
      inertia += values.subarray(row * columns, (row + 1) * columns).reduce((a, b) => Math.min(a, b)) ** 2;
    assert.ok(Math.abs(inertia / batches.inertia - 1) < 1e-9);
  }
});

test('mini-batches never ask for all rows of data that does not fit in memory', async () => {
  const rowsInMemory = overlappingGroups(10);
  let most = 0;
  const huge: Dataset = {
    name: 'huge',
    exampleShape: [8],
    length: 40_000,
    source: { description: 'made when asked for' },
    gather(indices) {
      most = Math.max(most, indices.length);
      const x = new Float32Array(indices.length * 8);
      for (let i = 0; i < indices.length; i++) {
        const group = (indices[i] ?? 0) % 10;
        x.set(rowsInMemory.subarray(group * 8, group * 8 + 8), i * 8);
      }
      return { x };
    },
  };
  const model = clustering({ clusters: 10, algorithm: 'mini-batch', batchSize: 128, restarts: 2 });
  await model.fit(huge, fitOptions);
  // Ten different rows: exact centres, whatever the batches.
  assert.ok(model.inertia < 1e-6, `${model.inertia}`);
  assert.deepEqual(Array.from(model.counts.data, Number), new Array(10).fill(4000));
  // Starts are chosen from 8192 rows.
  assert.ok(most <= 8192, `${most} rows at once`);
});

test('an abort keeps the centres of the batches so far', async () => {
  const controller = new AbortController();
  const model = clustering({ clusters: 4, algorithm: 'mini-batch', batchSize: 32, patience: 1000 });
  const report = await model.fit(threeGroupsData(), {
    ...fitOptions,
    signal: controller.signal,
    observer: { onMetrics: ({ step }) => (step === 3 ? controller.abort() : undefined) },
  });
  assert.equal(report.stoppedBecause, 'aborted');
  assert.equal(report.iterations, 3);
  assert.ok(model.inertia > 0);
});

for (const [name, offset, spread] of [
  ['near the origin', 0, 1],
  ['far from it', 300, 1],
  ['far from each other, too', 300, 1e-3],
] as const)
  test(`large data ${name}: products in float32 or float64 give the same clusters`, async () => {
    // 20000 rows of 64 numbers, enough for float32 to be considered.
    const noise = random(3).normal(20_000 * 64);
    const x = noise.map((value, index) => offset + spread * value + 4 * (Math.floor(index / 64) % 3));
    const model = clustering({ clusters: 3, tolerance: 0 });
    const { converged, history } = await model.fit(fromArrays({ x, shape: [64], name: 'large' }), fitOptions);
    assert.equal(converged, true);
    // The within-group sum of squares in plain float64.
    let wanted = 0;
    const mean = new Float64Array(3 * 64);
    const counts = [6667, 6667, 6666];
    for (const [index, value] of x.entries()) {
      const place = (Math.floor(index / 64) % 3) * 64 + (index % 64);
      mean[place] = (mean[place] ?? 0) + value / (counts[Math.floor(place / 64)] ?? 1);
    }
    for (const [index, value] of x.entries())
      wanted += (value - (mean[(Math.floor(index / 64) % 3) * 64 + (index % 64)] ?? 0)) ** 2;
    assert.deepEqual(Array.from(model.counts.data, Number).sort(), [6666, 6667, 6667]);
    // Sums of float32 products: a row's rounding is below 2^-13 of its distance, and averages out.
    assert.ok(Math.abs(model.inertia / wanted - 1) < 1e-7, `${model.inertia} for ${wanted}`);
    assert.ok(Math.abs((history.at(-1)?.metrics.inertia ?? 0) / wanted - 1) < 1e-4);
  });

test('rows of bytes give the clusters of their numbers, held and streamed', async () => {
  // Enough numbers for products of bytes: four patterns of 64 x 64 pixels, with noise.
  const [count, size] = [300, 64];
  const levels = random(3).uniform(count * size * size);
  const bytes = Uint8Array.from(levels, (level, i) => {
    const row = Math.floor(i / (size * size));
    const column = i % size;
    return Math.floor(200 * level + (column % 4 === row % 4 ? 55 : 0));
  });
  const images = fromArrays({ x: bytes, shape: [size, size, 1] });
  const numbers = fromArrays({ x: Float32Array.from(bytes, (byte) => byte / 255), shape: [size, size, 1] });
  const runs = [];
  const runtime = await openRuntime({ threads: 1 });
  after(() => runtime.dispose());
  for (const [data, memoryBudget] of [
    [images, 2 ** 30],
    [images, 0],
    [numbers, 2 ** 30],
  ] as const) {
    const rows = await RowChunks.open(runtime, { data, memoryBudget });
    const { x } = await data.gather([0, 1, 2, 3]);
    const pass = new NearestCentrePass(rows, 4, new Float64Array(size * size).fill(0.5));
    let centres = Float64Array.from(x);
    const found = [];
    for (let iteration = 0; iteration < 3; iteration++) {
      const result = await pass.run(centres);
      found.push(result);
      centres = Float64Array.from(result.means);
    }
    found.push(await pass.run(centres, 'float64'));
    runs.push(found);
    await pass.dispose();
    await rows.dispose();
  }
  const [held, streamed, expected = []] = runs;
  assert.deepEqual(held, streamed);
  for (const [i, { counts, means, inertia, variance }] of expected.entries()) {
    const result = held?.[i];
    assert.deepEqual(result?.counts, counts);
    for (const [j, mean] of means.entries()) assert.ok(Math.abs((result?.means[j] ?? Number.NaN) - mean) < 1e-6);
    // Products of the expected ones are float32 in the passes between.
    assert.ok(Math.abs((result?.inertia ?? Number.NaN) / inertia - 1) < 1e-5);
    assert.ok(Math.abs((result?.variance ?? Number.NaN) / variance - 1) < 1e-5);
  }
});
