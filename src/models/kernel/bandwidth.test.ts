// The bandwidth of kernel densities: rules by the spread, and cross-validation.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { type KernelDensity, kernelDensity } from './kernel-density.js';

// i, j = np.mgrid[0:60, 0:5].astype(float)
// X = (np.sin(1 + i*0.7 + j*1.3)*(j + 1) + np.cos(i*j*0.3)).astype(np.float32).astype(float)
const x = Float32Array.from({ length: 300 }, (_, place) => {
  const [i, j] = [Math.floor(place / 5), place % 5];
  return Math.sin(1 + i * 0.7 + j * 1.3) * (j + 1) + Math.cos(i * j * 0.3);
});
const rowsOf = (features: number) => fromArrays({ x: x.slice(0, 240), shape: [features], name: 'waves' });

const opened: KernelDensity[] = [];
const make = (options: Parameters<typeof kernelDensity>[0] = {}): KernelDensity => {
  const model = kernelDensity(options);
  opened.push(model);
  return model;
};
const fitted = async (options: Parameters<typeof kernelDensity>[0] = {}, data = rowsOf(2)): Promise<KernelDensity> => {
  const model = make(options);
  await model.fit(data, { threads: 1 });
  return model;
};
after(async () => {
  for (const model of opened) await model.dispose();
});

test('the rules for the bandwidth follow the spread of the data', async () => {
  // s = np.sqrt(R.var(0).mean()); kd = KernelDensity(bandwidth='scott').fit(R / s); kd.bandwidth_ * s; 'silverman': the same in 2-D
  for (const bandwidth of ['scott', 'silverman'] as const) {
    const model = await fitted({ bandwidth });
    assert.ok(Math.abs(model.bandwidth - 1.0972306964988736) < 1e-6);
  }
  // (n (d + 2) / 4)^(-1 / (d + 4)) with n = 240, d = 1
  const line = await fitted({ bandwidth: 'silverman' }, rowsOf(1));
  const values = x.slice(0, 240);
  const mean = values.reduce((sum, value) => sum + value, 0) / 240;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 240);
  assert.ok(Math.abs(line.bandwidth / (deviation * 180 ** -0.2) - 1) < 1e-6);
});

test('cross-validation finds a bandwidth that the held-out rows like best', async () => {
  // Two narrow bumps far apart: a rule by the spread smooths far too much.
  const two = random(7)
    .normal(300, 0, 0.1)
    .map((value, i) => value + (i % 2) * 4);
  const data = fromArrays({ x: two, shape: [1] });
  const model = make({ bandwidth: 'cross-validated' });
  const report = await model.fit(data, { seed: 1 });
  assert.ok(report.iterations > 5 && report.history.length === report.iterations);
  assert.deepEqual(report.warnings, []);
  const tried = report.history.map(({ metrics }) => ({ h: metrics.bandwidth!, logProb: metrics.heldOutLogProb! }));
  const best = tried.reduce((one, other) => (other.logProb > one.logProb ? other : one));
  assert.equal(model.bandwidth, best.h);
  // The optimum for one normal bump of 150 rows is 1.06 * 0.1 * 150^(-1/5) = 0.039.
  assert.ok(model.bandwidth > 0.02 && model.bandwidth < 0.08, `${model.bandwidth}`);
  assert.ok((await fitted({}, data)).bandwidth > 0.5);
  // The same folds, counted by hand, give the same likelihood.
  const again = make({ bandwidth: 'cross-validated' });
  await again.fit(data, { seed: 1 });
  assert.equal(again.bandwidth, model.bandwidth);
  const other = make({ bandwidth: 'cross-validated' });
  await other.fit(data, { seed: 2 });
  assert.notEqual(other.bandwidth, model.bandwidth);
});

test('the held-out likelihood is that of models without the held-out rows', async () => {
  const values = random(9).normal(12);
  const model = make({ bandwidth: 'cross-validated', folds: 12 });
  const { history } = await model.fit(fromArrays({ x: values, shape: [1] }));
  const { bandwidth = 0, heldOutLogProb = 0 } = history[0]!.metrics;
  let total = 0;
  for (let i = 0; i < 12; i++) {
    const others = fromArrays({ x: values.filter((_, n) => n !== i), shape: [1] });
    const [logProb] = await (await fitted({ bandwidth }, others)).logProb({
      data: values.slice(i, i + 1),
      shape: [1, 1],
    });
    total += logProb!;
  }
  assert.ok(Math.abs(heldOutLogProb - total / 12) < 1e-7);
});

test('cross-validation with compact kernels, with repeated rows and of a part of the rows', async () => {
  const line = fromArrays({ x: random(3).normal(200), shape: [1] });
  const compact = await fitted({ kernel: 'epanechnikov', bandwidth: 'cross-validated' }, line);
  const logProb = await compact.logProb({ data: random(3).normal(200), shape: [200, 1] });
  assert.ok(compact.bandwidth > 0.1 && logProb.every(Number.isFinite));
  const repeated = fromArrays({ x: Float32Array.from({ length: 100 }, (_, i) => i % 5), shape: [1] });
  const model = make({ bandwidth: 'cross-validated' });
  const { warnings } = await model.fit(repeated);
  assert.match(warnings.join(), /lowest bandwidth tried, as where rows repeat/);
  const part = await fitted({ bandwidth: 'cross-validated', maxValidationRows: 100 }, line);
  const whole = await fitted({ bandwidth: 'cross-validated' }, line);
  assert.ok(part.bandwidth / whole.bandwidth > 0.4 && part.bandwidth / whole.bandwidth < 2.5);
});

test('an aborted search keeps what was learnt before', async () => {
  const model = await fitted({ bandwidth: 'cross-validated' });
  const before = model.bandwidth;
  const report = await model.fit(rowsOf(1), { signal: AbortSignal.abort() });
  assert.equal(report.stoppedBecause, 'aborted');
  assert.equal(model.bandwidth, before);
});
