import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fromArrays } from '../data/index.js';
import { openRuntime } from '../runtime/node/open.js';
import { random } from '../runtime/random.js';
import { equal, matmul, multiply, reshape, scalar, square, subtract, sum } from '../tensor/index.js';
import { cast } from '../tensor/operators/cast.js';
import { RowChunks } from './row-chunks.js';
import { RowReduction, type RowReductionOptions } from './row-reduction.js';

const runtime = await openRuntime({ threads: 1 });
after(() => runtime.dispose());

const x = random(0).normal(103 * 3, 5, 2);
const labels = Int32Array.from({ length: 103 }, (_, row) => row % 4);
const data = fromArrays({ x, shape: [3], labels, classes: ['a', 'b', 'c', 'd'], name: 'rows' });

const moments: Pick<RowReductionOptions, 'name' | 'statistics'> = {
  name: 'moments',
  statistics: ({ x, weight }) => ({
    count: sum(weight),
    sum: sum(multiply(x, weight), { axes: 0 }),
    products: matmul(multiply(x, weight), x, { transposeA: true }),
  }),
};

/** Column sums and cross products in plain float64. */
function expected() {
  const sums = new Float64Array(3);
  const products = new Float64Array(9);
  for (let row = 0; row < 103; row++)
    for (let i = 0; i < 3; i++) {
      const value = x[row * 3 + i] ?? 0;
      sums[i] = (sums[i] ?? 0) + value;
      for (let j = 0; j < 3; j++) products[i * 3 + j] = (products[i * 3 + j] ?? 0) + value * (x[row * 3 + j] ?? 0);
    }
  return { sums, products };
}

test('sums over rows do not depend on chunks, nor on whether the data is held or streamed', async () => {
  const { sums, products } = expected();
  for (const options of [{ chunkRows: 10 }, { chunkRows: 103 }, { chunkRows: 2, memoryBudget: 0 }, {}]) {
    const reduction = await RowReduction.open(runtime, { ...moments, data, ...options });
    // The second run starts from zero again.
    for (let pass = 0; pass < 2; pass++) {
      const result = await reduction.run();
      assert.equal(result.count?.data[0], 103);
      // Float64 sums of 103 numbers: relative error below 103 * 2^-53.
      for (const [name, wanted] of [['sum', sums] as const, ['products', products] as const])
        for (const [i, value] of wanted.entries())
          assert.ok(Math.abs(Number(result[name]?.data[i]) / value - 1) < 1e-13);
    }
    await reduction.dispose();
  }
});

test('rows of bytes give the sums of the numbers they stand for, to the last bit, held and streamed', async () => {
  const bytes = Uint8Array.from({ length: 512 * 4 }, (_, i) => (i * 7) % 256);
  const images = fromArrays({ x: bytes, shape: [2, 2, 1], name: 'images' });
  const numbers = fromArrays({ x: Float32Array.from(bytes, (byte) => byte / 255), shape: [2, 2, 1], name: 'numbers' });
  for (const precision of ['float64', 'float32'] as const) {
    const results = [];
    for (const [rows, memoryBudget] of [
      [numbers, 2 ** 20],
      [images, 2 ** 20],
      [images, 0],
      // Held as bytes, these are within the budget.
      [images, 2048],
    ] as const) {
      const reduction = await RowReduction.open(runtime, {
        ...{ name: 'bytes', data: rows, memoryBudget, precision, chunkRows: 50 },
        statistics: ({ x: values, weight, bytes: raw }) => {
          assert.equal(raw?.divisor, rows === images ? 255 : undefined);
          const weighted = multiply(values, cast(weight, precision));
          return {
            sum: cast(sum(weighted, { axes: 0 }), 'float64'),
            products: cast(matmul(weighted, values, { transposeA: true }), 'float64'),
          };
        },
      });
      results.push(await reduction.run());
      await reduction.dispose();
    }
    for (const result of results) assert.deepEqual(result, results[0]);
  }
});

test('parameters change from run to run, and labels choose rows', async () => {
  const reduction = await RowReduction.open(runtime, {
    name: 'deviations',
    data,
    labels: true,
    chunkRows: 16,
    parameters: { centre: [3] },
    statistics: ({ x, weight, labels: classes }, { centre }) => {
      assert.ok(classes && centre);
      const isOne = cast(equal(classes, scalar(1, 'int64')), 'float64');
      const chosen = multiply(weight, reshape(isOne, [-1, 1]));
      return { squares: sum(multiply(square(subtract(x, centre)), chosen), { axes: 0 }) };
    },
  });
  for (const centre of [0, 5]) {
    const { squares } = await reduction.run({
      centre: { dtype: 'float64', shape: [3], data: new Float64Array(3).fill(centre) },
    });
    for (let i = 0; i < 3; i++) {
      let wanted = 0;
      for (let row = 1; row < 103; row += 4) wanted += ((x[row * 3 + i] ?? 0) - centre) ** 2;
      assert.ok(Math.abs(Number(squares?.data[i]) / wanted - 1) < 1e-13);
    }
  }
  await reduction.dispose();
});

test('several reductions share the rows that are held, in chunks of their own and in float32', async () => {
  const { sums } = expected();
  for (const options of [{ chunkRows: 64 }, { chunkRows: 16, memoryBudget: 0 }]) {
    const rows = await RowChunks.open(runtime, { data, ...options });
    const wide = await RowReduction.over(rows, { ...moments, chunkRows: 8 });
    const narrow = await RowReduction.over(rows, {
      name: 'narrow',
      precision: 'float32',
      statistics: ({ x, weight }) => ({ sum: cast(sum(multiply(x, cast(weight, 'float32')), { axes: 0 }), 'float64') }),
    });
    const [exact, single] = [await wide.run(), await narrow.run()];
    for (const [i, value] of sums.entries()) {
      assert.ok(Math.abs(Number(exact.sum?.data[i]) / value - 1) < 1e-13);
      // At most 64 numbers are added up in float32: 64 * 2^-24.
      assert.ok(Math.abs(Number(single.sum?.data[i]) / value - 1) < 4e-6);
    }
    await wide.dispose();
    // The rows outlive the reductions.
    assert.equal(Number((await narrow.run()).sum?.data[0]), Number(single.sum?.data[0]));
    await narrow.dispose();
    await rows.dispose();
  }
});

test('rows that fill up the last chunk are few, and chunks can be halved', async () => {
  const many = fromArrays({ x: new Float32Array(5000 * 700), shape: [700], name: 'many' });
  const rows = await RowChunks.open(runtime, { data: many, memoryBudget: 0 });
  const filled = Math.ceil(5000 / rows.chunkRows) * rows.chunkRows;
  assert.ok(filled >= 5000 && filled < 5000 * 1.02, `${filled} rows`);
  for (const wanted of [100, 300, 10_000]) {
    const some = rows.rowsFor(wanted);
    assert.ok(some <= 1.5 * wanted && some > Math.min(wanted, rows.chunkRows) / 2, `${some} rows for ${wanted}`);
    assert.equal(rows.chunkRows % some, 0);
  }
});

test('data without the labels that are asked for is refused', async () => {
  const unlabelled = fromArrays({ x: new Float32Array(8), shape: [2], name: 'bare' });
  await assert.rejects(
    RowReduction.open(runtime, { ...moments, data: unlabelled, labels: true }),
    /bare has no labels/,
  );
});
