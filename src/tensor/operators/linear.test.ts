import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../../core/errors.js';
import { openRuntime } from '../../runtime/node/open.js';
import * as t from '../index.js';
import { array, type OperatorCase, testOperators, varied } from './checks.test.js';

const a = array([
  [1, 2, 3],
  [4, 5, 6],
]);
const b = array([
  [1, 0],
  [-1, 2],
  [0.5, 1],
]);
// a @ b
const product = [
  [0.5, 7],
  [2, 16],
];
const e = t.einsum;

const products: OperatorCase[] = [
  { name: 'matmul', inputs: [a, b], build: (x, y) => t.matmul(x, y), expected: product },
  {
    name: 'matmul, first transposed',
    inputs: [varied([3, 2]), varied([3, 4])],
    build: (x, y) => t.matmul(x, y, { transposeA: true }),
    shape: [2, 4],
  },
  {
    name: 'matmul, second transposed',
    inputs: [varied([2, 3]), varied([4, 3])],
    build: (x, y) => t.matmul(x, y, { transposeB: true }),
    shape: [2, 4],
  },
  {
    name: 'matmul, both transposed',
    inputs: [varied([3, 2]), varied([4, 3])],
    build: (x, y) => t.matmul(x, y, { transposeA: true, transposeB: true }),
    shape: [2, 4],
  },
  {
    name: 'matmul equals its transposed forms',
    inputs: [a, b],
    build: (x, y) => t.matmul(t.transpose(x), t.transpose(y), { transposeA: true, transposeB: true }),
    expected: product,
  },
  {
    name: 'matmul of batches',
    inputs: [varied([2, 3, 4]), varied([2, 4, 2])],
    build: (x, y) => t.matmul(x, y),
    shape: [2, 3, 2],
  },
  {
    name: 'matmul of batches, transposed',
    inputs: [varied([2, 4, 3]), varied([2, 2, 4])],
    build: (x, y) => t.matmul(x, y, { transposeA: true, transposeB: true }),
    shape: [2, 3, 2],
  },
  {
    name: 'matmul of rows in batches',
    inputs: [varied([2, 3, 4]), varied([4, 5])],
    build: (x, y) => t.matmul(x, y),
    shape: [2, 3, 5],
  },
  {
    name: 'matmul of rows in batches, transposed',
    inputs: [varied([2, 3, 4]), varied([5, 4])],
    build: (x, y) => t.matmul(x, y, { transposeB: true }),
    shape: [2, 3, 5],
  },
  {
    name: 'matmul of one matrix with batches',
    inputs: [varied([3, 4]), varied([2, 4, 2])],
    build: (x, y) => t.matmul(x, y),
    shape: [2, 3, 2],
  },
  {
    name: 'matmul of batches that broadcast',
    inputs: [varied([2, 1, 2, 3]), varied([4, 3, 2])],
    build: (x, y) => t.matmul(x, y),
    shape: [2, 4, 2, 2],
  },
  {
    name: 'matmul with itself',
    inputs: [a],
    build: (x) => t.matmul(x, x, { transposeB: true }),
    expected: [
      [14, 32],
      [32, 77],
    ],
  },
  // np.einsum('ij,jk->ki', a, b)
  {
    name: 'einsum, product transposed',
    inputs: [a, b],
    build: (x, y) => e('ij,jk->ki', x, y),
    expected: [
      [0.5, 2],
      [7, 16],
    ],
  },
  {
    name: 'einsum, element by element',
    inputs: [a, a],
    build: (x, y) => e('ij,ij->ij', x, y),
    expected: [
      [1, 4, 9],
      [16, 25, 36],
    ],
  },
  { name: 'einsum, inner product', inputs: [a, a], build: (x, y) => e('ij,ij->', x, y), expected: 91, shape: [] },
  { name: 'einsum, rows of inner products', inputs: [a, a], build: (x, y) => e('ij,ij->i', x, y), expected: [14, 77] },
  {
    name: 'einsum, outer product',
    inputs: [array([1, 2]), array([3, 4, 5])],
    build: (x, y) => e('i,j->ji', x, y),
    expected: [
      [3, 6],
      [4, 8],
      [5, 10],
    ],
  },
  { name: 'einsum, sums and order', inputs: [varied([2, 3, 4])], build: (x) => e('abc->ca', x), shape: [4, 2] },
  {
    name: 'einsum, transposition',
    inputs: [a],
    build: (x) => e('ij->ji', x),
    expected: [
      [1, 4],
      [2, 5],
      [3, 6],
    ],
  },
  { name: 'einsum, sum of all', inputs: [a], build: (x) => e('ij->', x), expected: 21, shape: [] },
  {
    name: 'einsum, heads',
    inputs: [varied([2, 3, 2, 4]), varied([2, 5, 2, 4])],
    build: (x, y) => e('bqhd,bkhd->bhqk', x, y),
    shape: [2, 2, 3, 5],
  },
  {
    name: 'einsum, a letter of one term only',
    inputs: [a, b],
    build: (x, y) => e('ij,kl->l', x, y),
    expected: [10.5, 63],
  },
  {
    name: 'einsum of three',
    inputs: [varied([2, 3]), varied([3, 4]), varied([4, 2])],
    build: (x, y, z) => e('ij,jk,kl->il', x, y, z),
    shape: [2, 2],
  },
  {
    name: 'einsum of three, a letter in all',
    inputs: [varied([2, 3]), varied([2, 3]), varied([2])],
    build: (x, y, z) => e('ni,nj,n->ij', x, y, z),
    shape: [3, 3],
  },
];

testOperators('products', products);

test('errors of products name both shapes', () => {
  const [x, y] = [t.input('x', [t.batch, 3]), t.input('y', [4, 5])];
  assert.throws(
    () => t.matmul(x, y),
    (error) => error instanceof ShapeError && error.message.includes('float32[batch, 3] times float32[4, 5]'),
  );
  assert.throws(
    () => t.matmul(x, t.input('v', [3])),
    (error) => error instanceof ShapeError && error.message.includes('[3] is no matrix'),
  );
  const whole = t.input('whole', [3, 3], 'int64');
  assert.throws(
    () => t.matmul(whole, whole),
    (error) => error instanceof ShapeError && /int64/.test(error.message),
  );
  assert.throws(
    () => e('ij,jk->ik', x, y),
    (error) => error instanceof ShapeError && /"j" has length 3 and 4/.test(error.message),
  );
  assert.throws(
    () => e('ij->ik', x),
    (error) => error instanceof ShapeError && /"k"/.test(error.message),
  );
  assert.throws(
    () => e('ii->i', y),
    (error) => error instanceof ShapeError && /once/.test(error.message),
  );
  assert.throws(
    () => e('ij->iij', x),
    (error) => error instanceof ShapeError && /"i" .*twice/.test(error.message),
  );
  assert.throws(
    () => e('ij,jk', x, y),
    (error) => error instanceof ShapeError && /like "ij,jk->ik"/.test(error.message),
  );
});

test('products of bytes are exact, and refused where sums may run over', async () => {
  const a = Uint8Array.from({ length: 5 * 6 }, (_, i) => 255 - i);
  const b = Uint8Array.from({ length: 5 * 4 }, (_, i) => 13 * i);
  const [x, y] = [t.input('x', [5, 6], 'uint8'), t.input('y', [5, 4], 'uint8')];
  const result = t.byteProduct(x, y, { transposeA: true });
  const runtime = await openRuntime({ threads: 1 });
  try {
    const program = await runtime.compile(t.lowerProgram({ name: 'bytes', results: { result } }));
    const { result: found } = await program.run({
      x: { dtype: 'uint8', shape: [5, 6], data: a },
      y: { dtype: 'uint8', shape: [5, 4], data: b },
    });
    const expected = Float64Array.from({ length: 24 }, (_, at) => {
      let total = 0;
      for (let k = 0; k < 5; k++) total += a[k * 6 + Math.floor(at / 4)]! * b[k * 4 + (at % 4)]!;
      return total;
    });
    assert.deepEqual(found?.data, expected);
    const values = {
      x: { shape: [5, 6], data: Float64Array.from(a) },
      y: { shape: [5, 4], data: Float64Array.from(b) },
    };
    assert.deepEqual(t.evaluate([result], values)[0]?.data, expected);
  } finally {
    await runtime.dispose();
  }
  assert.throws(() => t.byteProduct(x, t.input('z', [5, 4])), ShapeError);
  assert.throws(() => t.byteProduct(x, y), ShapeError);
  const long = t.input('long', [40_000, 2], 'uint8');
  assert.throws(() => t.byteProduct(long, long, { transposeA: true }), /int32/);
});
