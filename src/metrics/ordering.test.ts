// Metrics order what they must order, each in the direction that it declares: real rows against real rows are better than blurred, noisy,
// mode-dropped or copied ones, for those that can see the fault.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { random } from '../runtime/random.js';
import { copied } from './copied.js';
import { coverage } from './coverage.js';
import { density } from './density.js';
import { exactDuplicates, nearDuplicates } from './duplicates.js';
import { fid } from './fid.js';
import { kid } from './kid.js';
import type { FeatureRows, Metric } from './metric.js';
import { mmd } from './mmd.js';
import { ndb } from './ndb.js';
import { precision } from './precision.js';
import { recall } from './recall.js';
import { slicedWasserstein } from './sliced-wasserstein.js';
import { someRows } from './some-rows.js';
import { twoSampleTest } from './two-sample-test.js';
import { openWorkspace } from './workspace.js';

const workspace = openWorkspace({ threads: 1 });
after(() => workspace.close());

const [side, width, modes, count] = [6, 36, 6, 600];

/** Images of 6 by 6 pixels: a bright line at one of six places, slanted and of some strength, row `i` showing place i mod 6. */
function images(seed: number): FeatureRows {
  const data = new Float64Array(count * width);
  for (let row = 0; row < count; row++) {
    const [slant = 0, strength = 0] = random(seed).split(row).uniform(2);
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++)
        data[row * width + y * side + x] =
          (0.5 + strength / 2) * Math.exp(-2 * (x - (row % modes) - (slant - 0.5) * (y - 2.5)) ** 2);
  }
  return { data, rows: count, width };
}

const [training, real, fresh] = [images(1), images(2), images(3)];
const mapped = (change: (value: number, at: number) => number): FeatureRows => ({
  ...fresh,
  data: fresh.data.map(change),
});
const noise = random(4).normal(count * width);
const at = (row: number, y: number, x: number) =>
  x < 0 || x >= side || y < 0 || y >= side ? 0 : fresh.data[row * width + y * side + x]!;

const faults = {
  noisy: mapped((value, i) => value + 0.15 * noise[i]!),
  blurred: mapped((_, i) => {
    const [row, y, x] = [Math.floor(i / width), Math.floor((i % width) / side), i % side];
    let sum = 0;
    for (const dy of [-1, 0, 1]) for (const dx of [-1, 0, 1]) sum += at(row, y + dy, x + dx);
    return sum / 9;
  }),
  'mode-dropped': someRows(
    fresh,
    Array.from({ length: count }, (_, i) => i).filter((row) => row % modes < 2),
  ),
  copied: someRows(training, [...random(5).integers(count, 0, count)]),
};
type Fault = keyof typeof faults;

const all: readonly Fault[] = ['noisy', 'blurred', 'mode-dropped'];
const seen: readonly (readonly [Metric<'real' | 'samples' | 'training'>, readonly Fault[]])[] = [
  [fid, all],
  [kid, all],
  [mmd, all],
  [slicedWasserstein, all],
  [ndb, ['blurred', 'mode-dropped']],
  [twoSampleTest, all],
  [precision, ['noisy', 'blurred']],
  [density, ['noisy', 'blurred']],
  [recall, ['blurred', 'mode-dropped']],
  [coverage, all],
  [copied, ['copied']],
  [exactDuplicates, ['copied']],
  [nearDuplicates, ['copied']],
];

for (const [metric, visible] of seen)
  test(`${metric.name} is ${metric.better} for real rows than for ${visible.join(', ')} ones`, async () => {
    const value = async (samples: FeatureRows) =>
      (await metric.compute({ real, samples, training }, { workspace, seed: 1 })).value;
    const best = await value(fresh);
    assert.ok(best >= metric.range[0] && best <= metric.range[1]);
    for (const fault of visible) {
      const worse = await value(faults[fault]);
      assert.ok(metric.better === 'higher' ? worse < best : worse > best, `${fault}: ${worse}, real: ${best}`);
    }
  });

test('nothing but the metrics of copying sees copies', async () => {
  const compare = async (metric: Metric<'real' | 'samples'>) => {
    const options = { workspace, seed: 1 };
    const [ofFresh, ofCopies] = [
      await metric.compute({ real, samples: fresh }, options),
      await metric.compute({ real, samples: faults.copied }, options),
    ];
    return Math.abs(ofFresh.value - ofCopies.value);
  };
  assert.ok((await compare(precision)) < 0.05);
  assert.ok((await compare(twoSampleTest)) < 0.1);
});
