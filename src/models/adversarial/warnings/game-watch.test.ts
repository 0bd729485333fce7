// A watch over trainings that really run: eight Gaussians on a ring, where minimax with a generator much faster than the discriminator makes
// all samples chase one mode after the other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromArrays, generate } from '../../../data/index.js';
import { eightGaussians } from '../../../data/named/eight-gaussians.js';
import { random } from '../../../runtime/random.js';
import type { Checkpoint, TrainingWarning } from '../../../training/observer.js';
import { gan } from '../gan.js';

const ring = generate(eightGaussians, { count: 2000 });
const small = { latentSize: 8, generatorLayers: [32, 32], discriminatorLayers: [32, 32] };

async function train(options: object, steps: number, data = ring) {
  const live: TrainingWarning[] = [];
  const model = gan({ ...small, ...options });
  const report = await model.fit(data, {
    ...{ steps, batchSize: 64, seed: 0, threads: 1, snapshotEvery: 10 },
    observer: { onWarning: (warning) => void live.push(warning) },
  });
  const { data: samples } = await model.sample(50, { seed: 1 });
  await model.dispose();
  return { live, report, samples };
}

test('a generator that collapses is warned about while it does, once', async () => {
  const { live } = await train({ objective: 'minimax', learningRate: 0.02, discriminatorLearningRate: 0.002 }, 400);
  const collapses = live.filter(({ text }) => text.startsWith('The modes collapse'));
  assert.equal(collapses.length, 1);
  const [{ step, text } = { step: 0, text: '' }] = collapses;
  assert.ok(step > 0 && step < 400 && step % 10 === 0, `step ${step}`);
  assert.match(text, /What helps: .*use the objective non-saturating/);
});

test('a balanced game is not warned about', async () => {
  const { live, report } = await train({ learningRate: 0.002, ema: 0.99 }, 300);
  assert.deepEqual(live, []);
  assert.ok(!report.warnings.some((text) => /collapse|tells all samples/.test(text)), report.warnings.join());
});

test('a warning that still holds at the end is in the report', async () => {
  // Rows that no small generator comes near within a few steps.
  const far = fromArrays({ x: random(1).normal(600, 100, 1), shape: [2] });
  const { live, report } = await train({ learningRate: 1e-5, discriminatorLearningRate: 0.02 }, 300, far);
  assert.match(live[0]?.text ?? '', /The discriminator tells all samples from data/);
  assert.equal(live[0]?.text.slice(0, 50), report.warnings[0]?.slice(0, 50));
});

test('resumed anywhere, it warns as an uninterrupted training does, and no second time of what was told', async () => {
  const watched = async (resume?: Checkpoint) => {
    const live: TrainingWarning[] = [];
    const checkpoints: Checkpoint[] = [];
    const model = gan({ ...small, objective: 'minimax', learningRate: 0.02, discriminatorLearningRate: 0.002 });
    const { warnings } = await model.fit(ring, {
      ...{ steps: 200, batchSize: 64, seed: 0, threads: 1, snapshotEvery: 10, checkpointEvery: 65 },
      ...(resume === undefined ? {} : { resume }),
      observer: {
        onWarning: (warning) => void live.push(warning),
        onCheckpoint: (checkpoint) => void checkpoints.push(checkpoint),
      },
    });
    await model.dispose();
    return { live, warnings, checkpoints };
  };
  const whole = await watched();
  const [early, late] = whole.checkpoints;
  const told = whole.live.map(({ step }) => step);
  assert.ok(
    told.some((step) => step > Number(early?.step) && step < Number(late?.step)),
    told.join(),
  );
  for (const resume of whole.checkpoints.slice(0, 2)) {
    const rest = await watched(resume);
    assert.deepEqual(
      rest.live,
      whole.live.filter(({ step }) => step > resume.step),
    );
    assert.deepEqual(rest.warnings, whole.warnings);
    assert.deepEqual(rest.checkpoints.at(-1), whole.checkpoints.at(-1));
  }
});

test('looking on changes nothing about what is learnt', async () => {
  const options = { learningRate: 0.002 };
  const { samples } = await train(options, 40);
  const model = gan({ ...small, ...options });
  // Looks belong to snapshots, and this one has none before its end.
  await model.fit(ring, { steps: 40, batchSize: 64, seed: 0, threads: 1, snapshotEvery: 1000 });
  assert.deepEqual((await model.sample(50, { seed: 1 })).data, samples);
  await model.dispose();
});
