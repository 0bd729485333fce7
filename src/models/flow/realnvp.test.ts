import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { fromArrays, generate } from '../../data/index.js';
import { twoMoons } from '../../data/named/two-moons.js';
import { random } from '../../runtime/random.js';
import { evaluate } from '../../tensor/index.js';
import { input } from '../../tensor/operators/source.js';
import type { Bijection } from './bijection.js';
import { type RealNvp, realnvp } from './realnvp.js';
import { flowOf, realNvpSchema } from './realnvp-options.js';
import { splineTransformer } from './spline-transformer.js';

type Options = NonNullable<Parameters<typeof realnvp>[0]>;

const open: RealNvp[] = [];
after(async () => {
  for (const model of open) await model.dispose();
});

/** f, its inverse and its log-determinant for one row, with random weights. */
function numeric(flow: Bijection, shape: readonly number[], seed: number) {
  const values = Object.fromEntries(
    Object.entries(flow.parameters).map(([name, { shape: own }]) => {
      const size = own.reduce((a, b) => a * b, 1);
      return [name, { shape: own, data: Float64Array.from(random(seed).split(name).normal(size, 0, 0.3)) }];
    }),
  );
  const weights = Object.fromEntries(
    Object.entries(flow.parameters).map(([name, spec]) => [name, input(name, spec.shape)]),
  );
  const forward = flow.forward(input('x', [1, ...shape]), weights);
  const size = shape.reduce((a, b) => a * b, 1);
  const back = flow.inverse(input('z', [1, size]), weights);
  const run = (x: Float64Array) => {
    const [z, logDeterminant] = evaluate([forward.value, forward.logDeterminant], {
      ...values,
      x: { shape: [1, ...shape], data: x },
    });
    return { z: z?.data ?? new Float64Array(), logDeterminant: Number(logDeterminant?.data[0]) };
  };
  const inverse = (z: ArrayLike<number>) =>
    evaluate([back], { ...values, z: { shape: [1, size], data: Float64Array.from(z) } })[0]?.data ?? new Float64Array();
  return { run, inverse, size };
}

const cases: readonly (readonly [string, Options, readonly number[]])[] = [
  ['points', { couplings: 3, hiddenLayers: [7] }, [2]],
  ['rows of five', { couplings: 4, hiddenLayers: [6] }, [5]],
  ['splines', { coupling: 'spline', couplings: 3, hiddenLayers: [7], bins: 5, bound: 2 }, [3]],
  ['images', { couplings: 4, filters: 3, scales: 2 }, [4, 4, 1]],
  ['images in colour, splines', { coupling: 'spline', couplings: 2, filters: 3, scales: 1, bins: 3 }, [2, 2, 3]],
];

for (const [name, options, shape] of cases)
  test(`${name}: the inverse leads back, and the log-determinant is that of the numerical Jacobian`, () => {
    const flow = flowOf(realNvpSchema.parse(options), shape);
    const { run, inverse, size } = numeric(flow, shape, 1);
    for (const seed of [2, 3, 4]) {
      const isImage = shape.length === 3;
      const x = Float64Array.from(isImage ? random(seed).uniform(size, 0.05, 0.95) : random(seed).normal(size, 0, 1.5));
      const { z, logDeterminant } = run(x);
      for (const [i, value] of Array.from(inverse(z)).entries()) assert.ok(Math.abs(value - (x[i] ?? 0)) < 1e-9);
      const step = 1e-6;
      const jacobian = Array.from({ length: size }, (_, column) => {
        const shifted = (by: number) => run(x.map((value, i) => value + (i === column ? by : 0))).z;
        const [above, below] = [shifted(step), shifted(-step)];
        return Array.from({ length: size }, (_, row) => ((above[row] ?? 0) - (below[row] ?? 0)) / (2 * step));
      });
      assert.ok(Math.abs(logAbsDeterminant(jacobian) - logDeterminant) < 1e-5);
    }
  });

/** By elimination with pivots. */
function logAbsDeterminant(matrix: number[][]): number {
  let result = 0;
  const rows = matrix.map((row) => [...row]);
  for (let column = 0; column < rows.length; column++) {
    let pivot = column;
    for (let row = column; row < rows.length; row++)
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row;
    const [top = [], other = []] = [rows[pivot], rows[column]];
    rows[pivot] = other;
    rows[column] = top;
    result += Math.log(Math.abs(top[column] ?? 0));
    for (let row = column + 1; row < rows.length; row++) {
      const current = rows[row] ?? [];
      const factor = (current[column] ?? 0) / (top[column] ?? 1);
      for (let i = column; i < rows.length; i++) current[i] = (current[i] ?? 0) - factor * (top[i] ?? 0);
    }
  }
  return result;
}

test('a spline is the identity where its network is zero, and outside its bound', () => {
  const transformer = splineTransformer(4, 2);
  const x = input('x', [1, 6]);
  const at = Float64Array.of(-3, -1.9, -0.3, 0, 1.2, 2.5);
  const zeros = (): ReturnType<typeof input> => input('zeros', [1, 6]);
  const { value, logDeterminant } = transformer.forward(x, zeros);
  const [z, slope] = evaluate([value, logDeterminant], {
    x: { shape: [1, 6], data: at },
    zeros: { shape: [1, 6], data: new Float64Array(6) },
  });
  for (const [i, number] of Array.from(z?.data ?? []).entries()) assert.ok(Math.abs(number - (at[i] ?? 0)) < 1e-12);
  assert.ok(Math.abs(Number(slope?.data[0])) < 1e-12);
});

async function fitted(options: Options, steps = 300): Promise<RealNvp> {
  const model = realnvp({ hiddenLayers: [32, 32], couplings: 6, learningRate: 3e-3, ...options });
  open.push(model);
  await model.fit(generate(twoMoons, { count: 2000, seed: 0 }), { steps, batchSize: 200, seed: 0, threads: 1 });
  return model;
}

for (const coupling of ['affine', 'spline'] as const)
  test(`${coupling} couplings: the density of points integrates to 1 and beats a Gaussian's`, async () => {
    const model = await fitted({ coupling });
    // Midpoints of a grid over [-5, 6] x [-5, 5].
    const step = 0.04;
    const [columns, rows] = [Math.round(11 / step), Math.round(10 / step)];
    const data = Float32Array.from({ length: columns * rows * 2 }, (_, i) => {
      const cell = i >> 1;
      return i % 2 === 0 ? -5 + ((cell % columns) + 0.5) * step : -5 + (Math.floor(cell / columns) + 0.5) * step;
    });
    const logProb = await model.logProb({ data, shape: [columns * rows, 2] });
    const integral = logProb.reduce((sum, value) => sum + Math.exp(value), 0) * step * step;
    assert.ok(Math.abs(integral - 1) < 1e-3, `the integral is ${integral}`);
    const held = generate(twoMoons, { count: 1000, seed: 1 });
    const { x } = await held.gather(Uint32Array.from({ length: 1000 }, (_, i) => i));
    const own = await model.logProb({ data: x, shape: [1000, 2] });
    // The best Gaussian of two dimensions has -1 - log 2 pi - log det(covariance) / 2.
    const mean = (of: (a: number, b: number) => number): number =>
      own.reduce((sum, _, i) => sum + of(x[2 * i] ?? 0, x[2 * i + 1] ?? 0), 0) / 1000;
    const [m, n] = [mean((a) => a), mean((_, b) => b)];
    const covariance = mean((a, b) => (a - m) * (b - n));
    const determinant = mean((a) => (a - m) ** 2) * mean((_, b) => (b - n) ** 2) - covariance ** 2;
    const gaussian = -1 - Math.log(2 * Math.PI) - Math.log(determinant) / 2;
    const score = own.reduce((a, b) => a + b, 0) / 1000;
    assert.ok(score > gaussian + 0.3, `${score} nats, a Gaussian ${gaussian}`);
  });

test('rows, codes and rows again', async () => {
  const model = await fitted({}, 50);
  const rows = await model.sample(20, { seed: 3 });
  const again = await model.reconstruct(rows);
  for (const [i, value] of again.data.entries()) assert.ok(Math.abs(value - (rows.data[i] ?? 0)) < 1e-4);
});

test('units do not matter: columns of very different scales give the density of the standardised ones', async () => {
  const base = generate(twoMoons, { count: 500, seed: 0 });
  const { x } = await base.gather(Uint32Array.from({ length: 500 }, (_, i) => i));
  const scaled = x.map((value, i) => (i % 2 === 0 ? 1e4 * value + 5e4 : value / 100));
  const scores: number[] = [];
  for (const data of [x, scaled]) {
    const model = realnvp({ hiddenLayers: [16], couplings: 2 });
    open.push(model);
    await model.fit(fromArrays({ x: data, shape: [2] }), { steps: 20, batchSize: 100, seed: 0, threads: 1 });
    const logProb = await model.logProb({ data, shape: [500, 2] });
    scores.push(logProb.reduce((a, b) => a + b, 0) / 500);
  }
  const [plain = 0, other = 0] = scores;
  assert.ok(Math.abs(other + Math.log(1e4) - Math.log(100) - plain) < 0.01);
});

test("images: bounds rise with samples, and no level's probabilities add up to more than 1", async () => {
  const levels = 2;
  const x = random(1)
    .uniform(64 * 4)
    .map((u) => (u < 0.3 ? 1 : 0));
  const model = realnvp({ couplings: 2, filters: 4, scales: 1, levels, learningRate: 0.01 });
  open.push(model);
  await model.fit(fromArrays({ x, shape: [2, 2, 1] }), { steps: 100, batchSize: 32, seed: 0, threads: 1 });
  const data = Float32Array.from({ length: 16 * 4 }, (_, i) => ((i >> 2) >> (i % 4)) & 1);
  const all = { data, shape: [16, 2, 2, 1] };
  const elbo = await model.logProbBound(all, { seed: 1, samples: 1 });
  const many = await model.logProbBound(all, { seed: 1, samples: 200 });
  assert.deepEqual([elbo.kind, many.kind], ['elbo', 'importance']);
  const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;
  assert.ok(mean(many.values) >= mean(elbo.values));
  const total = many.values.reduce((sum, value) => sum + Math.exp(value), 0);
  assert.ok(total < 1.05 && total > 0.5, `the levels' probabilities add up to ${total}`);
});

test('what it cannot take is refused, saying what to do', async () => {
  const line = fromArrays({ x: random(1).normal(40), shape: [1], name: 'line' });
  await assert.rejects(
    realnvp().fit(line),
    (error) => error instanceof ShapeError && /kernel-density/.test(error.message),
  );
  const odd = fromArrays({ x: random(1).uniform(400), shape: [5, 5, 1], name: 'odd' });
  await assert.rejects(realnvp().fit(odd), /multiples of 4.*Lower scales/);
  const model = await fitted({}, 2);
  await assert.rejects(model.logProbBound({ data: new Float32Array(2), shape: [1, 2] }, { samples: 0 }), ConfigError);
  await assert.rejects(model.decode({ data: new Float32Array(3), shape: [1, 3] }), /codes have to be \[N, 2\]/);
});
