import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DatasetError, ShapeError } from '../core/errors.js';
import { random } from '../runtime/random.js';
import { linearProbe } from './linear-probe.js';
import type { LabelledCodes } from './metric.js';
import { shareInterval } from './share-interval.js';
import { softmaxRegression } from './softmax-regression.js';

const idle = async (): Promise<void> => {};
const codesOf = (width: number, data: ArrayLike<number>, labels: ArrayLike<number>): LabelledCodes => ({
  codes: { data: Float64Array.from(data), rows: data.length / width, width },
  labels: Int32Array.from(labels),
});

/**
 * n = np.arange(300); y = n * 7 % 11 % 3; x = np.sin(.7 * np.arange(1200.) ** 2).reshape(300, 4)
 * x[:, 0] += .5 * (y == 1); x[:, 1] -= .6 * (y == 2)
 */
function waves(): { readonly data: Float64Array; readonly labels: Int32Array } {
  const labels = Int32Array.from({ length: 300 }, (_, n) => ((n * 7) % 11) % 3);
  const data = Float64Array.from({ length: 1200 }, (_, i) => {
    const label = labels[Math.floor(i / 4)];
    const shift = i % 4 === 0 && label === 1 ? 0.5 : i % 4 === 1 && label === 2 ? -0.6 : 0;
    return Math.sin(0.7 * i ** 2) + shift;
  });
  return { data, labels };
}

test('the weights are those of scikit-learn', async () => {
  const { data, labels } = waves();
  const examples = { data: data.subarray(0, 800), rows: 200, width: 4, labels, classes: 3 };
  const { weights, converged } = await softmaxRegression(examples, 1, idle);
  assert.ok(converged);
  // m = LogisticRegression(C=1, tol=1e-14, max_iter=10000, solver='newton-cg').fit(x[:200], y[:200]); m.coef_.T, m.intercept_
  const expected = [
    -0.6973818994391763, 0.7745723954790006, -0.0771904960398239, 0.47209885869959595, 0.3684778080965969,
    -0.840576666796191, 0.37104553502336535, -0.30811806063034963, -0.06292747439301875, 0.03192029645339136,
    0.1024476572585745, -0.13436795371196802, 0.4231738061541097, 0.02911974716318291, -0.45229355331729154,
  ];
  for (const [place, value] of expected.entries()) {
    const weight = weights[place] ?? Number.NaN;
    assert.ok(Math.abs(weight - value) <= 1e-6 * Math.abs(value), `weight ${place}: ${weight} is not ${value}`);
  }
});

test('the accuracies are those of scikit-learn', async () => {
  const { data, labels } = waves();
  const { value, details } = await linearProbe.compute({
    trainingCodes: codesOf(4, data.subarray(0, 800), labels.subarray(0, 200)),
    realCodes: codesOf(4, data.subarray(800), labels.subarray(200)),
  });
  // s = StandardScaler().fit(x[:200]); m = LogisticRegression(C=1, tol=1e-14, max_iter=10000).fit(s.transform(x[:200]), y[:200])
  // m.score(s.transform(x[200:]), y[200:]), m.score(s.transform(x[:200]), y[:200])
  assert.equal(value, 0.53);
  assert.equal(details?.trainingAccuracy, 0.58);
});

test('by hand: two codes on a line', async () => {
  // The boundary is at 0: of -1, 1, 2 and 3 called 0, 1, 1 and 1, the last is wrong.
  const inputs = {
    trainingCodes: codesOf(1, [-2, -1, 1, 2], [0, 0, 1, 1]),
    realCodes: codesOf(1, [-1, 1, 2, 3], [0, 1, 1, 0]),
  };
  const { value, details } = await linearProbe.compute(inputs);
  assert.equal(value, 0.75);
  assert.deepEqual(details?.perClass, [1 / 2, 1]);
  assert.equal(details?.mostFrequent, 0.5);
  assert.match(
    linearProbe.read({ value, ...(details === undefined ? {} : { details }) }),
    /75 %.*Hardest is class 0, with 50 %/,
  );
});

test('scale, shift and constant columns of a code change nothing', async () => {
  const { data, labels } = waves();
  const inputs = (width: number, change: (value: number, column: number) => number[]) => {
    const changed = Array.from(data, (value, i) => change(value, i % 4)).flat();
    return {
      trainingCodes: codesOf(width, changed.slice(0, 200 * width), labels.subarray(0, 200)),
      realCodes: codesOf(width, changed.slice(200 * width), labels.subarray(200)),
    };
  };
  const plain = await linearProbe.compute(inputs(4, (value) => [value]));
  const changes: [number, (value: number, column: number) => number[]][] = [
    [4, (value, column) => [1000 * value - 30 * column]],
    [5, (value, column) => (column === 3 ? [value, 0.1] : [value])],
  ];
  for (const [width, change] of changes) {
    const { value, interval } = await linearProbe.compute(inputs(width, change));
    assert.deepEqual([value, interval], [plain.value, plain.interval]);
  }
});

test('codes that know the class are better than noisy ones, and those than codes without it', async () => {
  const labels = Int32Array.from({ length: 600 }, (_, row) => row % 3);
  const codes = (seed: number, signal: number): LabelledCodes => {
    const noise = random(seed).normal(1200);
    return codesOf(
      2,
      noise.map((value, i) => {
        const angle = ((labels[i >> 1] ?? 0) * 2 * Math.PI) / 3;
        return value + signal * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
      }),
      labels,
    );
  };
  const accuracy = async (signal: number) =>
    linearProbe.compute({ trainingCodes: codes(1, signal), realCodes: codes(2, signal) });
  const [knowing, noisy, blind] = [await accuracy(6), await accuracy(1), await accuracy(0)];
  assert.ok(knowing.value > 0.99 && noisy.value < 0.9 && noisy.value > 0.5, `${knowing.value} ${noisy.value}`);
  assert.ok(Math.abs(blind.value - 1 / 3) < 0.08, `${blind.value}`);
  assert.match(linearProbe.read(blind), /within the interval: the code says nothing of the class/);
  // Where 98.5 % are of one class, one percent more is much, unless the rows are so few that it may be chance.
  const rare = { value: 0.995, details: { mostFrequent: 0.985, perClass: [1, 0.7] } };
  assert.match(linearProbe.read({ ...rare, interval: shareInterval(9950, 10_000) }), /Hardest is class 1, with 70 %/);
  assert.match(linearProbe.read({ ...rare, interval: shareInterval(199, 200) }), /says nothing of the class/);
  const [low = 0, high = 0] = noisy.interval ?? [];
  // 1.96 * sqrt(p (1 - p) / 600)
  const half = 1.96 * Math.sqrt((noisy.value * (1 - noisy.value)) / 600);
  assert.ok(Math.abs(high - low - 2 * half) < 0.4 * half);
});

test("codes that are one another's copies, and classes without rows, are no trouble", async () => {
  const twice = codesOf(2, [0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 3, 3]);
  const { value, details } = await linearProbe.compute({ trainingCodes: twice, realCodes: twice });
  assert.equal(value, 1);
  assert.deepEqual(details?.perClass, [1, Number.NaN, Number.NaN, 1]);
});

test('bad inputs are refused', async () => {
  const good = codesOf(1, [1, 2, 3], [0, 1, 1]);
  const compute = (trainingCodes: LabelledCodes, realCodes: LabelledCodes) =>
    linearProbe.compute({ trainingCodes, realCodes });
  await assert.rejects(compute(good, codesOf(1, [1], [0])), /at least 2 rows of "realCodes"; received 1/);
  await assert.rejects(compute(good, codesOf(3, [1, 2, 3, 4, 5, 6], [0, 1])), ShapeError);
  await assert.rejects(compute(codesOf(1, [1, Number.NaN], [0, 1]), good), /holds NaN/);
  await assert.rejects(compute(codesOf(1, [1, 2], [0]), good), ShapeError);
  await assert.rejects(
    compute(codesOf(1, [1, 2], [1, 1]), good),
    (error) => error instanceof DatasetError && /at least two classes/.test(error.message),
  );
});

test('more rows than are learnt from: the same seed chooses the same', async () => {
  const rows = 10_500;
  const labels = Int32Array.from({ length: rows }, (_, row) => row % 2);
  const codes = codesOf(
    1,
    random(1)
      .normal(rows)
      .map((value, row) => value + (labels[row] ?? 0)),
    labels,
  );
  const inputs = { trainingCodes: codes, realCodes: codes };
  const first = await linearProbe.compute(inputs, { seed: 1, resamplings: 20 });
  assert.equal(first.details?.trainingRows, 10_000);
  assert.deepEqual(await linearProbe.compute(inputs, { seed: 1, resamplings: 20 }), first);
});

test('progress grows to 1, and an abort stops it', async () => {
  const { data, labels } = waves();
  const codes = codesOf(4, data, labels);
  const shares: number[] = [];
  const inputs = { trainingCodes: codes, realCodes: codes };
  await linearProbe.compute(inputs, { onProgress: (share) => shares.push(share) });
  assert.deepEqual(
    shares,
    shares.toSorted((a, b) => a - b),
  );
  assert.equal(shares.at(-1), 1);
  const reason = new Error('enough');
  const stop = new AbortController();
  const aborted = linearProbe.compute(inputs, { signal: stop.signal, onProgress: () => stop.abort(reason) });
  await assert.rejects(aborted, reason);
});
