import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openRuntime } from '../../runtime/node/open.js';
import { random } from '../../runtime/random.js';
import { constant, evaluate } from '../../tensor/index.js';
import { KernelSums } from './kernel-sums.js';
import { type Kernel, kernels } from './kernels.js';
import { RowTree } from './row-tree.js';

const runtime = await openRuntime({ threads: 1 });
after(() => runtime.dispose());

const compact: readonly (readonly [string, Kernel])[] = Object.entries(kernels).filter(
  ([, { isCompact }]) => isCompact,
);

test('a number near a point is the same as the profile of many', () => {
  const squares = Float64Array.from({ length: 200 }, (_, i) => i / 200);
  for (const [name, kernel] of compact) {
    const [profile] = evaluate([kernel.profile(constant(squares, [200], 'float64'))], {});
    for (const [i, squared] of squares.entries())
      assert.ok(Math.abs(kernel.near!(squared) - profile!.data[i]!) < 1e-15, `${name} at ${squared}`);
  }
  assert.equal(compact.length, 4);
  for (const kernel of Object.values(kernels) as Kernel[]) assert.equal(kernel.near !== undefined, kernel.isCompact);
});

test('no row within reach is passed over, and few beyond it are looked at', () => {
  const count = 3000;
  for (const features of [1, 2, 3, 6]) {
    const x = random(features).normal(count * features);
    // Repeated rows, and a column that hardly varies.
    x.copyWithin(0, 100 * features, 200 * features);
    for (let row = 0; row < count; row++)
      x[row * features + features - 1] = Math.round(x[row * features + features - 1]!);
    const tree = new RowTree({ x, features });
    const points = random(9).normal(50 * features, 0, 1.5);
    for (const bandwidth of [0.3, 1, 100]) {
      const scale = 1 / bandwidth ** 2;
      let looked = 0;
      for (let row = 0; row < 50; row++) {
        let expected = 0;
        for (let other = 0; other < count; other++) {
          let squared = 0;
          for (let i = 0; i < features; i++) squared += (points[row * features + i]! - x[other * features + i]!) ** 2;
          if (squared * scale < 1) expected += 1;
        }
        const { sum, visited } = tree.sum({ points, row, scale, near: () => 1 });
        assert.equal(sum, expected);
        looked += visited;
      }
      if (bandwidth === 0.3 && features > 1) assert.ok(looked < 0.3 * 50 * count, `${looked} of ${50 * count}`);
      if (bandwidth === 100) assert.equal(looked, 50 * count);
    }
  }
});

test('rows that are all the same are one leaf', () => {
  const tree = new RowTree({ x: new Float32Array(2 * 5000).fill(3), features: 2 });
  const query = { points: Float32Array.of(3, 3, 9, 9), scale: 1, near: (squared: number) => 1 - squared };
  assert.deepEqual(tree.sum({ ...query, row: 0 }), { sum: 5000, visited: 5000 });
  assert.deepEqual(tree.sum({ ...query, row: 1 }), { sum: 0, visited: 0 });
});

for (const [name, kernel] of compact)
  test(`${name}: sums by the tree are those over all rows, with groups and without`, async () => {
    const [count, features] = [1500, 2];
    const x = random(4).normal(count * features);
    const groups = Float32Array.from({ length: count }, (_, row) => row % 3);
    const { near, ...everywhere } = kernel;
    assert.ok(near !== undefined);
    for (const rows of [
      { x, count, features },
      { x, count, features, groups },
    ]) {
      const ofPoints = 'groups' in rows ? groups : undefined;
      const [quick, all] = [
        await KernelSums.open(runtime, kernel, rows),
        await KernelSums.open(runtime, everywhere, rows),
      ];
      // The last bandwidth reaches so many rows that the tree is not used.
      for (const bandwidth of [0.02, 0.4, 5]) {
        const [found, expected] = [
          await quick.logSums(x, bandwidth, ofPoints),
          await all.logSums(x, bandwidth, ofPoints),
        ];
        for (const [i, value] of expected.entries())
          if (value === Number.NEGATIVE_INFINITY) assert.equal(found[i], value);
          else assert.ok(Math.abs(found[i]! - value) < 1e-12, `${found[i]}, not ${value}`);
      }
      await quick.dispose();
      await all.dispose();
    }
  });
