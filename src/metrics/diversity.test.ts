import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DatasetError, ShapeError } from '../core/errors.js';
import { random } from '../runtime/random.js';
import { computeMetric } from './compute-metric.js';
import { diversity } from './diversity.js';
import type { FeatureRows, MetricValue } from './metric.js';
import { metricNamed } from './registry.js';
import { compute, labelled, near, sure } from './testing/inputs.js';
import { rowsOfWidth } from './testing/rows.js';

test('by hand: distances of pairs, as a share of the real ones', async () => {
  // Real rows 0, 3, 6: mean distance 4. Samples 0, 1, 2: 4 / 3.
  const real = rowsOfWidth(1, [0, 3, 6]);
  near((await compute('diversity', { real, samples: rowsOfWidth(1, [0, 1, 2]) })).value, 1 / 3);
  // The other way round the ratio is 3, and the value the same.
  const { value, details } = await compute('diversity', { real: rowsOfWidth(1, [0, 1, 2]), samples: real });
  near(value, 1 / 3);
  assert.equal(details?.ratio, 3);
});

test('by hand: within and between classes', async () => {
  const inputs = {
    // Class 0: 0 and 2; class 1: 10 and 14.
    real: rowsOfWidth(1, [0, 2, 10, 14]),
    realLabels: Int32Array.of(0, 0, 1, 1),
    // Class 0: 0 and 1, half as far; class 1: 10 and 13, three quarters.
    samples: rowsOfWidth(1, [0, 10, 1, 13]),
    sampleLabels: Int32Array.of(0, 1, 0, 1),
  };
  const within = await compute('intra-class-diversity', inputs);
  near(within.value, (1 / 2 + 3 / 4) / 2);
  assert.deepEqual(within.details?.perClass, [0.5, 0.75]);
  // Real rows: 10, 14, 8, 12, on average 11; samples: 10, 13, 9, 12, on average 11.
  near((await compute('inter-class-diversity', inputs)).value, 1);
  const read = { ...inputs, realClasses: sure(inputs.realLabels, 2), sampleClasses: sure(inputs.sampleLabels, 2) };
  near((await compute('predicted-intra-class-diversity', read)).value, within.value);
});

test('the same as scipy', async () => {
  const wave = (scale: number, step: number, phase: number) =>
    rowsOfWidth(
      3,
      Array.from({ length: 180 }, (_, i) => scale * Math.sin(step * i + phase)),
    );
  // i = np.arange(180); x = np.sin(1.7 * i).reshape(60, 3); y = np.arange(60) % 3
  const real = wave(1, 1.7, 0);
  const realLabels = labelled(60, (row) => row % 3);
  // s = (.8 * np.sin(2.3 * i + 1)).reshape(60, 3); c = np.arange(60) // 20; m = lambda r: min(r, 1 / r)
  const samples = wave(0.8, 2.3, 1);
  const sampleLabels = labelled(60, (row) => Math.floor(row / 20));
  const inputs = { real, realLabels, samples, sampleLabels };
  // m(pdist(s).mean() / pdist(x).mean())
  near((await compute('diversity', inputs)).value, 0.8038303651774601, 1e-12);
  // np.mean([m(pdist(s[c == k]).mean() / pdist(x[y == k]).mean()) for k in range(3)])
  near((await compute('intra-class-diversity', inputs)).value, 0.8042299861647861, 1e-12);
  // np.mean([m(cdist(s[c == a], s[c == b]).mean() / cdist(x[y == a], x[y == b]).mean()) for a in range(3) for b in range(a)])
  near((await compute('inter-class-diversity', inputs)).value, 0.8036866881239599, 1e-12);
});

test('identical sets agree, also where chance chooses among their rows', async () => {
  const real = rowsOfWidth(2, random(5).normal(5000));
  const realLabels = labelled(2500, (row) => row % 2);
  const inputs = { real, samples: real, realLabels, sampleLabels: realLabels };
  for (const name of ['diversity', 'intra-class-diversity', 'inter-class-diversity'])
    assert.equal((await compute(name, inputs)).value, 1, name);
});

test('intervals hold the value, also at its best', async () => {
  const real = rowsOfWidth(2, random(6).normal(2000));
  const labels = labelled(1000, (row) => row % 10);
  const inputs = { real, samples: rowsOfWidth(2, random(7).normal(2000)), realLabels: labels, sampleLabels: labels };
  for (const name of ['diversity', 'intra-class-diversity', 'inter-class-diversity', 'label-entropy']) {
    const { value, interval } = await compute(name, { ...inputs, sampleClasses: sure(labels, 10) });
    const [low = 9, high = 0] = interval ?? [];
    assert.ok(low < value && value <= high + 1e-12, `${name} ${value} ${low} ${high}`);
  }
});

test('the interval holds the truth', async () => {
  // Two Gaussians of deviation 1 and 0.8: the ratio of the mean distances is 0.8.
  let covered = 0;
  for (let trial = 0; trial < 60; trial++) {
    const real = rowsOfWidth(3, random(trial).split('real').normal(240));
    const samples = rowsOfWidth(3, random(trial).split('samples').normal(240, 0, 0.8));
    const { interval } = await computeMetric(metricNamed('diversity'), { real, samples }, { resamplings: 200 });
    const [low = 1, high = 0] = interval ?? [];
    if (low <= 0.8 && high >= 0.8) covered += 1;
  }
  assert.ok(covered >= 52, `${covered} of 60`);
});

/** Points around eight places, and what models make of them. */
function world() {
  const draw = (seed: number, deviation: number, places: readonly number[]) => {
    const noise = random(seed).normal(1600);
    return rowsOfWidth(
      2,
      Array.from(noise, (value, i) => {
        const place = places[(i >> 1) % places.length] ?? 0;
        return 4 * (i % 2 === 0 ? Math.cos(place) : Math.sin(place)) + deviation * value;
      }),
    );
  };
  const places = [0, 1, 2, 3, 4, 5, 6, 7].map((place) => (place * Math.PI) / 4);
  const labels = labelled(800, (row) => row % 2);
  return {
    real: draw(1, 0.3, places),
    realLabels: labels,
    sampleLabels: labels,
    models: {
      good: draw(2, 0.3, places),
      blurred: rowsOfWidth(
        2,
        draw(2, 0.3, places).data.map((value) => 0.6 * value),
      ),
      noisy: draw(3, 3, places),
      dropped: draw(4, 0.3, [places[0] ?? 0, places[1] ?? 0]),
    },
  };
}

test('real rows are better than blurred, noisy and mode-dropped ones', async () => {
  const { models, ...rest } = world();
  for (const name of ['diversity', 'intra-class-diversity', 'inter-class-diversity']) {
    const value = async (samples: FeatureRows) => (await compute(name, { ...rest, samples })).value;
    const good = await value(models.good);
    assert.ok(good > 0.95, `${name} ${good}`);
    for (const [kind, samples] of Object.entries(models))
      if (kind !== 'good') assert.ok((await value(samples)) < good - 0.05, `${name} ${kind}`);
  }
});

test('samples that are all the same have no diversity', async () => {
  const inputs = {
    real: rowsOfWidth(1, [0, 1, 5, 7]),
    realLabels: Int32Array.of(0, 0, 1, 1),
    samples: rowsOfWidth(1, [3, 3, 5, 6]),
    sampleLabels: Int32Array.of(0, 0, 1, 1),
  };
  const collapsed = await compute('intra-class-diversity', inputs);
  assert.deepEqual(collapsed.details?.perClass, [0, 0.5]);
  assert.match(
    metricNamed('intra-class-diversity').read(collapsed),
    /of class 0 the model draws almost always the same/,
  );
  const constant = await compute('diversity', { ...inputs, samples: rowsOfWidth(1, [3, 3, 3]) });
  assert.deepEqual([constant.value, constant.interval], [0, [0, 0]]);
  assert.equal(metricNamed('diversity').read(constant), 'All samples are the same.');
});

test('constant features change nothing; constant real rows cannot be compared with', async () => {
  const plain = { real: rowsOfWidth(1, [0, 3, 6]), samples: rowsOfWidth(1, [0, 1, 2]) };
  const padded = { real: rowsOfWidth(2, [0, 9, 3, 9, 6, 9]), samples: rowsOfWidth(2, [0, 9, 1, 9, 2, 9]) };
  assert.deepEqual(await compute('diversity', padded), await compute('diversity', plain));
  await assert.rejects(
    compute('diversity', { real: rowsOfWidth(1, [3, 3]), samples: rowsOfWidth(1, [1, 2]) }),
    (error) => error instanceof DatasetError && /all the same/.test(error.message),
  );
});

test('classes without samples are left out and told of', async () => {
  const inputs = {
    real: rowsOfWidth(1, [0, 1, 5, 7, 8, 8]),
    realLabels: Int32Array.of(0, 0, 1, 1, 2, 2),
    samples: rowsOfWidth(1, [0, 1]),
    sampleLabels: Int32Array.of(0, 0),
  };
  const { value, warnings, details } = await compute('intra-class-diversity', inputs);
  assert.equal(value, 1);
  assert.deepEqual(details?.perClass, [1, Number.NaN, Number.NaN]);
  assert.match(warnings?.[0] ?? '', /classes 1, 2/);
  // What was written to a file and read again reads the same: NaN is null there.
  const kept: MetricValue = { value, details: { ratio: 1, perClass: [1, Number.NaN, 0.5] } };
  const { read } = metricNamed('intra-class-diversity');
  assert.match(read(kept), /least varied is class 2 with 50 %/);
  assert.equal(read(JSON.parse(JSON.stringify(kept))), read(kept));
  await assert.rejects(compute('inter-class-diversity', inputs), DatasetError);
  await assert.rejects(
    compute('intra-class-diversity', { ...inputs, sampleLabels: Int32Array.of(0, 1) }),
    /at least 2 samples/,
  );
});

test('bad inputs are refused', async () => {
  const good = {
    real: rowsOfWidth(1, [0, 1]),
    samples: rowsOfWidth(1, [0, 1]),
    realLabels: Int32Array.of(0, 0),
    sampleLabels: Int32Array.of(0, 0),
    sampleClasses: sure([0, 1], 2),
  };
  for (const name of ['diversity', 'intra-class-diversity', 'inter-class-diversity']) {
    await assert.rejects(
      compute(name, { ...good, samples: rowsOfWidth(1, [1]) }),
      /at least 2 rows of "samples"; received 1/,
    );
    await assert.rejects(compute(name, { ...good, samples: rowsOfWidth(2, [1, 2, 3, 4]) }), ShapeError);
    await assert.rejects(compute(name, { ...good, real: rowsOfWidth(1, [1, Number.NaN]) }), /holds NaN/);
  }
  for (const name of ['intra-class-diversity', 'inter-class-diversity'])
    await assert.rejects(compute(name, { ...good, sampleLabels: Int32Array.of(0) }), /1 labels for 2 rows/);
  await assert.rejects(compute('conditional-accuracy', { ...good, sampleLabels: Int32Array.of(0, 2) }), /label 2/);
  await assert.rejects(
    compute('label-entropy', { sampleClasses: { data: Float32Array.of(3, -1), rows: 1, classes: 2 } }),
    /no distribution/,
  );
});

test('aborts and progress', async () => {
  const { models, ...rest } = world();
  const inputs = { ...rest, samples: models.good, sampleClasses: sure(rest.sampleLabels, 2) };
  const names = [
    'diversity',
    'intra-class-diversity',
    'inter-class-diversity',
    'label-entropy',
    'conditional-accuracy',
  ];
  for (const metric of names.map(metricNamed)) {
    const shares: number[] = [];
    const told = await computeMetric(metric, inputs, { onProgress: (share) => shares.push(share) });
    assert.deepEqual(
      shares,
      shares.toSorted((a, b) => a - b),
      metric.name,
    );
    assert.equal(shares.at(-1), 1);
    assert.deepEqual(await computeMetric(metric, inputs), told, 'the same seed gives the same');
    const reason = new Error('enough');
    const stop = new AbortController();
    const aborted = computeMetric(metric, inputs, { signal: stop.signal, onProgress: () => stop.abort(reason) });
    await assert.rejects(aborted, reason);
  }
});

test('a time estimate grows with the rows, up to as many as are looked at', () => {
  const of = (rows: number) => ({ data: new Float64Array(), rows, width: 784 });
  const seconds = (rows: number) => diversity.estimateSeconds({ real: of(rows), samples: of(rows) });
  assert.ok(seconds(2000) > 3 * seconds(1000));
  assert.equal(seconds(20000), seconds(2000));
});
