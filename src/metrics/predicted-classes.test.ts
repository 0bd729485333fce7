import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClassProbabilities } from './metric.js';
import { metricNamed } from './registry.js';
import { shareInterval } from './share-interval.js';
import { compute, labelled, near, sure } from './testing/inputs.js';

test('by hand: the entropy of predicted labels', async () => {
  // Shares 1/2, 1/4, 1/4: 1.5 bits.
  const three = await compute('label-entropy', { sampleClasses: sure([0, 0, 1, 2], 3) });
  near(three.value, 1.5 * Math.LN2);
  assert.match(three.warnings?.[0] ?? '', /at least 150/);
  const all = await compute('label-entropy', {
    sampleClasses: sure(
      labelled(1000, (row) => row % 10),
      10,
    ),
  });
  near(all.value, Math.log(10));
  assert.equal(all.warnings, undefined);
  assert.match(
    metricNamed('label-entropy').read(all),
    /All 10 classes are drawn about equally often: 2.3 of at most 2.3/,
  );
  const one = await compute('label-entropy', {
    sampleClasses: sure(
      labelled(1000, () => 3),
      10,
    ),
  });
  assert.deepEqual([one.value, one.interval], [0, [0, 0]]);
  assert.match(metricNamed('label-entropy').read(one), /9 of 10 classes are recognised in no sample \(0, 1, 2, 4/);
});

test('the entropy is that of scipy, and falls when modes are dropped', async () => {
  const counts = [50, 30, 15, 5];
  const labels = counts.flatMap((count, label) => new Array<number>(count).fill(label));
  // scipy.stats.entropy([50, 30, 15, 5])
  near((await compute('label-entropy', { sampleClasses: sure(labels, 4) })).value, 1.1421200429883351);
  const kept = (classes: number) =>
    sure(
      labelled(1000, (row) => row % classes),
      10,
    );
  const all = await compute('label-entropy', { sampleClasses: kept(10) });
  const dropped = await compute('label-entropy', { sampleClasses: kept(9) });
  assert.ok(all.value > dropped.value);
  assert.match(metricNamed('label-entropy').read(dropped), /Class 9 is recognised in no sample/);
});

test('by hand: what was asked for is what is read', async () => {
  const sampleClasses: ClassProbabilities = {
    data: Float32Array.of(0.6, 0.4, 0.3, 0.7, 0.9, 0.1),
    rows: 3,
    classes: 2,
  };
  const metric = metricNamed('conditional-accuracy');
  const two = await compute('conditional-accuracy', { sampleClasses, sampleLabels: Int32Array.of(0, 1, 1) });
  near(two.value, 2 / 3);
  assert.deepEqual(two.details?.perClass, [1, 1 / 2]);
  // Two of three are chance, two hundred of three hundred are not.
  assert.match(metric.read(two), /67 % of the samples, which is no more than guessing, within the interval/);
  assert.match(
    metric.read({ ...two, interval: shareInterval(200, 300) }),
    /67 % of the samples; worst is class 1 with 50 %/,
  );
  const asked = labelled(1000, (row) => row % 10);
  const read = Int32Array.from(asked, (label, row) => (row === 7 ? 1 : label));
  const good = await compute('conditional-accuracy', { sampleClasses: sure(read, 10), sampleLabels: asked });
  near(good.value, 0.999);
  assert.match(metric.read(good), /99.9 % of the samples; worst is class 7 with 99 %/);
  const blind = await compute('conditional-accuracy', {
    sampleClasses: sure(
      labelled(1000, () => 0),
      10,
    ),
    sampleLabels: asked,
  });
  assert.match(metric.read(blind), /10 %.*no more than guessing, within the interval/);
  // Of classes that are not equally frequent one is named rightly more often without being heeded, and less often while it is.
  const mostlyFirst = labelled(1000, (row) => (row % 10 === 0 ? 1 : 0));
  const always = await compute('conditional-accuracy', {
    sampleClasses: sure(
      labelled(1000, () => 0),
      2,
    ),
    sampleLabels: mostlyFirst,
  });
  near(always.value, 0.9);
  near(Number(always.details?.guessing), 0.9);
  assert.match(metric.read(always), /no more than guessing/);
  const heeded = await compute('conditional-accuracy', {
    sampleClasses: sure(
      labelled(1000, (row) => (row % 10 === 0 && row >= 300 ? 1 : 0)),
      2,
    ),
    sampleLabels: mostlyFirst,
  });
  near(heeded.value, 0.97);
  near(Number(heeded.details?.guessing), 0.9 * 0.93 + 0.1 * 0.07);
  assert.doesNotMatch(metric.read(heeded), /guessing/);
});
