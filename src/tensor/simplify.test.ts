import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as t from './index.js';
import { varied } from './operators/checks.test.js';
import { inTopologicalOrder } from './tensor.js';

const x = t.input('x', [2, 3]);
const y = t.input('y', [2, 3]);

/** The operators that are left, in the order of computation. */
function operators(...tensors: t.Tensor[]): string[] {
  return inTopologicalOrder(t.simplify(tensors))
    .map(({ operation }) => operation.operator)
    .filter((name) => !['input', 'constant', 'reshape'].includes(name));
}

function simplified(tensor: t.Tensor): t.Tensor {
  const [result] = t.simplify([tensor]);
  assert.ok(result !== undefined);
  assert.deepEqual(result.shape, tensor.shape);
  assert.equal(result.dtype, tensor.dtype);
  return result;
}

test('equal subexpressions are merged, whichever way round they were written', () => {
  const [a, b] = t.simplify([t.exp(t.add(x, y)), t.exp(t.add(y, x))]);
  assert.equal(a, b);
  const [c, d] = t.simplify([t.subtract(x, y), t.subtract(y, x)]);
  assert.notEqual(c, d);
  assert.deepEqual(operators(t.sum(t.multiply(t.exp(x), t.exp(t.input('x', [2, 3]))))), ['exp', 'multiply', 'sum']);
});

test('operations that differ in an attribute only stay apart', () => {
  const infinity = Number.POSITIVE_INFINITY;
  const results = [
    t.pad(x, 0, 1, 0, infinity),
    t.pad(x, 0, 1, 0, -infinity),
    t.sum(x, { axes: 0 }),
    t.sum(x, { axes: 1 }),
  ];
  assert.equal(new Set(t.simplify(results)).size, 4);
  const [inverse, negativeInverse] = t.evaluate(t.simplify([t.divide(1, t.scalar(0)), t.divide(1, t.scalar(-0))]));
  assert.deepEqual([inverse?.data[0], negativeInverse?.data[0]], [infinity, -infinity]);
});

test('large constants are merged by content and never mixed up', () => {
  const large = (value: number) => t.constant(new Float32Array(100).fill(value).with(7, 3));
  const [a, b, c] = t.simplify([large(1), large(2), large(1)]);
  assert.notEqual(a, b);
  assert.equal(a, c);
  const [sum] = t.evaluate(t.simplify([t.sum(t.multiply(large(1), large(2)))]));
  assert.equal(sum?.data[0], 99 * 2 + 9);
});

test('constants are folded, also int64 beyond 32 bits', () => {
  const folded = simplified(t.add(t.multiply(t.constant([1, 2]), 3), 1));
  assert.equal(folded.operation.operator, 'constant');
  assert.deepEqual([...(t.evaluate([folded])[0]?.data ?? [])], [4, 7]);
  const big = simplified(t.multiply(t.constant([3e9], [1], 'int64'), 2));
  assert.deepEqual([...(t.evaluate([big])[0]?.data ?? [])], [6e9]);
});

test('identities leave out what changes nothing', () => {
  const one = t.full([2, 3], 1);
  for (const same of [
    t.add(x, 0),
    t.subtract(x, 0),
    t.multiply(one, x),
    t.divide(x, 1),
    t.power(x, 1),
    t.negative(t.negative(x)),
    t.stopGradient(x),
    t.reshape(t.reshape(x, [6]), [2, 3]),
    t.transpose(t.transpose(x)),
    t.cast(x, 'float32'),
  ])
    assert.equal(simplified(same), simplified(x), String(same));
  assert.deepEqual(operators(t.multiply(x, 0)), ['broadcast']);
  assert.deepEqual(operators(t.subtract(x, t.negative(y))), ['add']);
  assert.deepEqual(operators(t.add(t.negative(x), y)), ['subtract']);
  assert.deepEqual(operators(t.multiply(2, t.multiply(t.multiply(x, 3), 4))), ['multiply']);
  assert.deepEqual(operators(t.negative(t.multiply(x, 3))), ['multiply']);
  assert.deepEqual(operators(t.divide(x, 4)), ['multiply']);
  assert.deepEqual(operators(t.divide(x, 3)), ['divide']);
  assert.deepEqual(operators(t.power(x, 0.5)), ['sqrt']);
});

test('identities keep the shape where the other operand was the larger one', () => {
  const small = t.input('small', [3]);
  for (const wide of [
    t.add(small, t.full([2, 3], 0)),
    t.subtract(small, t.full([2, 1], 0)),
    t.multiply(small, t.full([2, 3], 1)),
    t.multiply(small, t.full([2, 3], -1)),
    t.multiply(small, t.full([2, 3], 0)),
    t.divide(small, t.full([2, 3], 4)),
    t.power(small, t.full([2, 3], 2)),
    t.multiply(t.full([1, 1, 1], 2), t.multiply(small, 3)),
  ])
    simplified(wide);
});

test('factors are merged only where their product is a float32', () => {
  assert.deepEqual(operators(t.multiply(1e-30, t.multiply(x, 1e-30))), ['multiply', 'multiply']);
  assert.deepEqual(operators(t.multiply(1e30, t.multiply(x, 1e30))), ['multiply', 'multiply']);
  assert.deepEqual(operators(t.divide(x, 2 ** -140)), ['divide']);
});

for (const [channels, isRepeated] of [
  [64, false],
  [3, true],
] as const)
  test(`pixels of ${channels} channels are repeated ${isRepeated ? 'before' : 'by'} the operator that takes them`, () => {
    const small = t.input('small', [2, 2, 3, channels]);
    const wide = t.broadcastTo(t.reshape(small, [2, 2, 1, 3, 1, channels]), [2, 2, 2, 3, 2, channels]);
    const repeated = t.reshape(wide, [2, 4, 6, channels]);
    const other = t.input('other', repeated.shape);
    const feeds = { small: varied([2, 2, 3, channels]), other: varied([2, 4, 6, channels]) };
    for (const result of [t.add(other, repeated), t.subtract(repeated, other), t.multiply(other, repeated)]) {
      assert.equal(operators(result).includes('broadcast'), isRepeated);
      assert.deepEqual(t.evaluate([simplified(result)], feeds), t.evaluate([result], feeds));
    }
    // One direction after the other.
    const enlarged = t.add(other, t.resizeNearest(small, { scale: 2 }));
    assert.equal(operators(enlarged).filter((name) => name === 'broadcast').length, isRepeated ? 2 : 1);
    assert.deepEqual(t.evaluate([simplified(enlarged)], feeds), t.evaluate([enlarged], feeds));
  });

test('broadcasts move behind element-wise operators, and sums of them become products', () => {
  const wide = t.broadcastTo(t.input('small', [3]), [2, 3]);
  assert.deepEqual(operators(t.add(x, wide)), ['add']);
  assert.deepEqual(operators(t.where(t.greater(wide, 0), wide, t.negative(wide))), [
    'greater',
    'negative',
    'where',
    'broadcast',
  ]);
  assert.deepEqual(operators(t.sum(wide, { axes: 0 })), ['multiply']);
  const [gradient] = t.gradients(t.mean(t.add(x, t.input('bias', [3]))), [t.input('bias', [3])]);
  assert.deepEqual(operators(gradient ?? x), ['broadcast']);
});

test('the gradient of a split is one concatenation', () => {
  const parts = t.split(x, 1, 3);
  const loss = parts.map((part, i) => t.sum(t.power(part, i + 2))).reduce((a, b) => t.add(a, b));
  const [gradient] = t.gradients(loss, [x]);
  assert.ok(gradient !== undefined);
  assert.ok(operators(gradient).includes('concat'));
  assert.ok(!operators(gradient).includes('pad'));
  const feeds = { x: varied([2, 3]) };
  assert.deepEqual(t.evaluate(t.simplify([gradient]), feeds), t.evaluate([gradient], feeds));
});

test('transpositions merge, and become reshapes where only axes of length 1 move', () => {
  const z = t.input('z', [2, 3, 4]);
  assert.deepEqual(operators(t.transpose(t.transpose(z, [1, 2, 0]), [1, 0, 2])), ['transpose']);
  assert.equal(simplified(t.transpose(t.input('thin', [5, 1, 7]), [1, 0, 2])).operation.operator, 'reshape');
});

test('int64 arithmetic is not mistaken for that of fractions', () => {
  const n = t.input('n', [2], 'int64');
  assert.deepEqual(operators(t.divide(n, 2)), ['divide']);
  assert.deepEqual(operators(t.add(t.multiply(n, 1), 0)), []);
});

test('long chains do not exhaust the stack', () => {
  let chain = x;
  for (let i = 0; i < 20_000; i++) chain = t.sin(chain);
  const [gradient] = t.gradients(t.sum(chain), [x]);
  assert.ok(operators(gradient ?? x).length > 20_000);
});
