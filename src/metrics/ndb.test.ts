import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { random } from '../runtime/random.js';
import { binsOf } from './bins.js';
import { ndb, proportionScore } from './ndb.js';
import { someRows } from './some-rows.js';
import { gaussianRows, rowsOf } from './testing/rows.js';
import { openWorkspace } from './workspace.js';

const workspace = openWorkspace({ threads: 1 });
after(() => workspace.close());

test('the z-score of two shares, on paper', () => {
  // 0.5 of 100 and 0.3 of 100: 0.2 / sqrt(0.4 0.6 0.02).
  assert.ok(Math.abs(proportionScore(0.5, 100, 0.3, 100) - 0.2 / Math.sqrt(0.0048)) < 1e-14);
  assert.equal(proportionScore(0, 10, 0, 20), 0);
  assert.equal(proportionScore(1, 10, 1, 20), 0);
});

test('bins of clusters are the clusters', async () => {
  const rows = rowsOf([[0], [0.1], [0.2], [10], [10.1], [10.2]]);
  for (let seed = 0; seed < 4; seed++) {
    const { own, others } = await binsOf(await workspace.runtime(), rows, rowsOf([[1], [9], [100]]), {
      ...{ count: 2, iterations: 10, stream: random(seed) },
    });
    const [low, high] = [own[0]!, own[3]!];
    assert.notEqual(low, high);
    assert.deepEqual(
      [[...own], [...others]],
      [
        [low, low, low, high, high, high],
        [low, high, high],
      ],
    );
  }
});

test('one bin in twenty differs between equal distributions, and those that samples miss are found', async () => {
  const real = gaussianRows(2000, 2, { seed: 1 });
  const fresh = await ndb.compute({ real, samples: gaussianRows(1500, 2, { seed: 2 }) }, { workspace });
  // 20 of the fewer rows for each.
  assert.equal(fresh.details?.bins, 75);
  assert.match(ndb.read(fresh), /fall into 75 groups of similar real rows as often as real rows do/);
  assert.ok(fresh.value < 0.15, String(fresh.value));
  const samples = gaussianRows(3000, 2, { seed: 2 });
  const rightHalf = Array.from({ length: 3000 }, (_, i) => i).filter((row) => samples.data[2 * row]! > 0);
  const half = await ndb.compute({ real, samples: someRows(samples, rightHalf) }, { workspace });
  assert.ok(half.value > 0.6, String(half.value));
  assert.match(ndb.read(half), /too often or too seldom into \d+ % of (\d+) groups/);
});

test('shares are over all rows, and the same seed gives the same bins', async () => {
  const [real, samples] = [gaussianRows(100, 3, { seed: 1 }), gaussianRows(70, 3, { seed: 2 })];
  const first = await ndb.compute({ real, samples }, { workspace, seed: 3 });
  assert.deepEqual(await ndb.compute({ real, samples }, { workspace, seed: 3 }), first);
  assert.equal(first.details?.bins, 3);
  for (const shares of [first.details?.realShares, first.details?.sampleShares])
    assert.ok(
      Array.isArray(shares) && Math.abs(shares.reduce((sum: number, share: number) => sum + share, 0) - 1) < 1e-12,
    );
});

test('identical rows make one bin that counts nothing', async () => {
  const same = rowsOf(new Array(60).fill([1, 2]));
  assert.equal((await ndb.compute({ real: same, samples: same }, { workspace })).value, 0);
});
