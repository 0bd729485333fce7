import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ConfigError, ShapeError } from '../core/errors.js';
import { openRuntime } from '../runtime/node/open.js';
import type { Runtime } from '../runtime/runtime.js';
import * as t from './index.js';
import { difference, runProgram, varied } from './operators/checks.test.js';

let runtime: Runtime;
before(async () => {
  runtime = await openRuntime({ threads: 1 });
});
after(() => runtime.dispose());

const float32 = (values: ArrayLike<number>, shape: readonly number[]) =>
  ({ dtype: 'float32', shape, data: Float32Array.from(values) }) as const;

/** What saved programs are made of, for images x [n, 4, 6, 4] and rows r [n, 6]; labels l [n]. */
function inferenceResults(n: t.Dim): Record<string, t.Tensor> {
  const x = t.input('x', [n, 4, 6, 4]);
  const r = t.input('r', [n, 6]);
  const labels = t.cast(t.multiply(t.abs(t.slice(r, 1, 0, 1)), 3), 'int64');
  const matrix = t.constant(varied([6, 3]).data, [6, 3]);
  const filter = t.constant(varied([3, 3, 4, 2]).data, [3, 3, 4, 2]);
  const up = t.constant(varied([4, 4, 2, 4]).data, [4, 4, 2, 4]);
  const rows = t.reshape(x, [-1, 4]);
  return {
    matmul: t.matmul(r, matrix),
    affine: t.add(t.matmul(rows, t.constant(varied([4, 2]).data, [4, 2])), t.constant([1, 2])),
    gram: t.matmul(r, r, { transposeB: true }),
    pairs: t.multiply(t.exp(t.expandAxis(t.matmul(r, r, { transposeB: true }), 2)), 0.5),
    distances: t.sum(t.square(t.subtract(t.expandAxis(r, 0), t.expandAxis(r, 1))), { axes: 2 }),
    attention: t.einsum('nqc,nkc->nqk', t.reshape(x, [n, 24, 4]), t.reshape(t.square(x), [n, 24, 4])),
    layer: t.leakyRelu(t.add(t.conv2d(x, filter, { padding: 1 }), t.constant([0.5, -0.5])), 0.2),
    channelSums: t.multiply(t.add(t.sum(x, { axes: 3, keepAxes: true }), 0.5), t.constant([2], [1, 1, 1, 1])),
    rowsScaled: t.sqrt(
      t.abs(
        t.multiply(
          t.reshape(t.matmul(rows, t.constant(varied([4, 4]).data, [4, 4])), x.shape),
          t.constant([1, 2, 3, 4]),
        ),
      ),
    ),
    conv2d: t.conv2d(x, filter, { stride: 2, padding: 1 }),
    conv2dTranspose: t.conv2dTranspose(x, up, { stride: 2, padding: 1 }),
    maxPool: t.maxPool(x, 3, { stride: 1, padding: 1 }),
    averagePool: t.averagePool(x, 3, { stride: 1, padding: 1 }),
    resizeNearest: t.resizeNearest(x, { size: [7, 9] }),
    resizeTwice: t.resizeNearest(x, { scale: 2 }),
    resizeBilinear: t.resizeBilinear(x, { size: [7, 9] }),
    depthToSpace: t.depthToSpace(x, 2),
    spaceToDepth: t.spaceToDepth(x, 2),
    flatten: t.flatten(x),
    transpose: t.transpose(x, [0, 3, 1, 2]),
    slice: t.slice(x, -1, 1, 3),
    pad: t.padAxes(x, [
      [0, 0],
      [1, 0],
      [0, 2],
      [0, 0],
    ]),
    padReflect: t.padReflect(x, 2, 2, 1),
    flip: t.flip(x, 2),
    concat: t.concat([r, t.square(r)], 1),
    concatExamples: t.concat([r, r], 0),
    stack: t.stack([r, t.exp(r)], 1),
    split: t.split(r, 1, 3)[1] ?? r,
    tile: t.tile(r, [1, 2]),
    repeatExamples: t.repeat(r, 0, 2),
    gather: t.gather(t.constant(varied([7, 3]).data, [7, 3]), labels),
    oneHot: t.oneHot(labels, 6),
    broadcastTo: t.broadcastTo(t.expandAxis(r, 1), [n, 3, 6]),
    ones: t.multiply(t.full([n, 1], 2), t.full([n, 6], 0.5)),
    zeroTimes: t.multiply(r, 0),
    softmax: t.softmax(r),
    logSoftmax: t.logSoftmax(r),
    logSumExp: t.logSumExp(r, { axes: 1 }),
    sum: t.sum(x, { axes: [1, 2] }),
    mean: t.mean(x, { axes: [-1, 1] }),
    variance: t.variance(x, { axes: [1, 2, 3] }),
    norm: t.norm(r, { axes: 1 }),
    product: t.product(r, 1),
    max: t.max(r, { axes: -1, keepAxes: true }),
    argMax: t.argMax(r),
    cumulativeSum: t.cumulativeSum(r, 1),
    where: t.where(t.greater(r, 0), r, t.log1p(t.abs(r))),
    activations: t.add(t.gelu(r), t.add(t.leakyRelu(r, 0.2), t.elu(t.silu(r)))),
    gradientOfInput: t.gradients(t.sum(t.square(t.tanh(t.matmul(r, matrix)))), [r])[0] ?? r,
    gradientOfFlip: t.gradients(t.sum(t.square(t.flip(x, 1))), [x])[0] ?? x,
    gradientOfLookup:
      t.gradients(t.sum(t.multiply(t.gather(r, t.constant([1, 1, 0], [3], 'int64'), 1), 2)), [r])[0] ?? r,
  };
}

test('one program with a symbolic batch serves 1, 3 and 64 examples like programs of fixed size', async () => {
  const results = inferenceResults(t.batch);
  const lowered = t.lowerProgram({ name: 'inference', results });
  const program = await runtime.compile(lowered);
  for (const n of [1, 3, 64]) {
    const feeds = { x: varied([n, 4, 6, 4]), r: varied([n, 6], 2) };
    const values = await program.run({
      x: float32(feeds.x.data, feeds.x.shape),
      r: float32(feeds.r.data, feeds.r.shape),
    });
    const fixed = inferenceResults(n);
    const fixedValues = await runProgram(runtime, fixed, feeds);
    const references = t.evaluate(Object.values(results), feeds);
    const problems = Object.keys(results).flatMap((name, index) => {
      assert.deepEqual(values[name]?.shape, fixed[name]?.shape, `${name}: shape for ${n} examples`);
      return [
        ...difference(
          `${name} of ${n}, fixed`,
          values[name]?.data,
          Array.from(fixedValues[name]?.data ?? [], Number),
          1e-6,
        ),
        ...difference(`${name} of ${n}, evaluate`, values[name]?.data, references[index]?.data, 4e-6),
      ];
    });
    assert.deepEqual(problems, []);
  }
});

/** A step of a small network under gradient descent with momentum, noise fed as an input. */
function momentumStep(): t.StepProgram {
  const [x, y] = [t.input('x', [8, 3]), t.input('y', [8, 2])];
  const weights = [t.input('w1', [3, 5]), t.input('b1', [5]), t.input('w2', [5, 2])] as const;
  const velocities = weights.map((weight) => t.input(`${t.inputName(weight)}/velocity`, weight.shape));
  const hidden = t.tanh(t.add(t.matmul(x, weights[0]), weights[1]));
  const loss = t.mean(t.square(t.subtract(t.matmul(hidden, weights[2]), y)));
  const variables: Record<string, t.Variable> = {};
  for (const [i, gradient] of t.gradients(loss, weights).entries()) {
    const [weight, velocity] = [weights[i], velocities[i]];
    assert.ok(weight !== undefined && velocity !== undefined);
    const next = t.add(t.multiply(velocity, 0.9), gradient);
    variables[t.inputName(velocity) ?? ''] = { current: velocity, next };
    variables[t.inputName(weight) ?? ''] = { current: weight, next: t.subtract(weight, t.multiply(next, 0.1)) };
  }
  const frozen = t.input('frozen', [2]);
  return {
    name: 'momentum',
    variables: { ...variables, frozen: { current: frozen, next: frozen } },
    metrics: { loss, twice: t.multiply(loss, 2) },
  };
}

for (const count of [1, 7])
  test(`a Loop of ${count} steps equals ${count} single steps bit for bit`, async () => {
    const step = momentumStep();
    const [loop, single] = await Promise.all([
      runtime.compileStep(t.lowerLoop(step)),
      runtime.compileStep(t.lowerStep(step)),
    ]);
    const start = Object.fromEntries(
      loop.variables.map(({ name, shape }, i) => [
        name,
        float32(varied(shape.map(Number), 0.3 + i / 10).data, shape.map(Number)),
      ]),
    );
    const data = () => ({
      x: Float32Array.from(varied([count, 8, 3]).data),
      y: Float32Array.from(varied([count, 8, 2], 2).data),
    });
    await Promise.all([loop.write(start), single.write(start)]);
    const [together, apart] = await Promise.all([loop.run(count, data()), single.run(count, data())]);
    assert.deepEqual(together, apart);
    assert.deepEqual(await loop.read(), await single.read());
    assert.equal(together.loss?.length, count);
    assert.deepEqual(
      [...(together.twice ?? [])],
      [...(together.loss ?? [])].map((loss) => 2 * loss),
    );
    // It has learnt something, or equality would say little.
    if (count > 1) assert.ok((together.loss?.at(-1) ?? 1) < (together.loss?.[0] ?? 0));
    await Promise.all([loop.dispose(), single.dispose()]);
  });

test('results may be constants, inputs, the same tensor twice, and have any name', async () => {
  const x = t.input('x', [2]);
  const total = t.exp(t.add(x, 1));
  const results = { one: t.scalar(1), copy: x, Exp: t.square(total), Add: total, again: total };
  const values = await runProgram(runtime, results, { x: { shape: [2], data: Float64Array.of(0, 1) } });
  assert.deepEqual(values.one?.data, Float32Array.of(1));
  assert.deepEqual(values.copy?.data, Float32Array.of(0, 1));
  assert.deepEqual(values.Add?.data, values.again?.data);
  assert.ok(Math.abs(Number(values.Exp?.data[0]) - Math.E ** 2) < 1e-5);
});

test('inputs that no result needs are not asked for', () => {
  const [x, y] = [t.input('x', [2]), t.input('y', [2])];
  const { inputs } = t.lowerProgram({ name: 'dead', results: { z: t.add(x, t.multiply(y, 0)) } });
  assert.deepEqual(
    inputs.map(({ name }) => name),
    ['x'],
  );
});

test('programs that cannot be meant are refused', () => {
  const [x, other] = [t.input('x', [2]), t.input('x', [3])];
  const config = (pattern: RegExp) => (error: unknown) => error instanceof ConfigError && pattern.test(error.message);
  assert.throws(
    () => t.lowerProgram({ name: 'p', results: { a: t.exp(x), b: t.exp(other) } }),
    config(/"x": .*\[2\] and .*\[3\]/),
  );
  assert.throws(() => t.lowerProgram({ name: 'p', results: { x: t.exp(x) } }), config(/"x" has the name of an input/));
  const step = (next: t.Tensor, metric: t.Tensor): t.StepProgram => ({
    name: 's',
    variables: { x: { current: x, next } },
    metrics: { loss: metric },
  });
  assert.throws(() => t.lowerStep(step(t.sum(x), t.sum(x))), config(/"x" of s is .*\[2\] but would become .*\[\]/));
  assert.throws(() => t.lowerStep(step(x, x)), config(/"loss" has shape \[2\]/));
  assert.throws(
    () => t.lowerStep({ name: 's', variables: { y: { current: x, next: x } }, metrics: {} }),
    config(/"y" of s has to be listed/),
  );
  const steps = t.input('steps', []);
  assert.throws(() => t.lowerLoop(step(t.add(x, steps), steps)), config(/"steps", a name that is taken/));
  assert.throws(
    () => t.lowerProgram({ name: 'p', results: { y: t.full([t.batch, 2], 1) } }),
    (error) => error instanceof ShapeError && /No input .* batch/.test(error.message),
  );
});

test('lengths are read from whichever input has them', async () => {
  const [pairs, single] = [
    t.input('pairs', [new t.SymbolicDim('n', 2), 1]),
    t.input('single', [new t.SymbolicDim('n'), 1]),
  ];
  const results = { y: t.add(t.sum(pairs), t.full([new t.SymbolicDim('n', 3)], 1)), z: t.sum(single) };
  const values = await runProgram(runtime, results, { pairs: varied([4, 1]), single: varied([2, 1]) });
  assert.deepEqual(values.y?.shape, [6]);
});

test('tensors print what they are', () => {
  const x = t.batchInput('x', [28, 28, 1]);
  assert.equal(String(x), 'input float32[batch, 28, 28, 1]');
  assert.equal(String(t.flatten(x)), 'reshape float32[batch, 784]');
  assert.equal(String(t.reshape(x, [-1, 28])), 'reshape float32[28*batch, 28]');
});
