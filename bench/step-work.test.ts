import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSafetensors } from '../src/data/index.js';
import { float32 } from '../src/runtime/runtime.js';
import { lowerLoop } from '../src/tensor/program.js';
import { gameStep } from './game-tasks.js';
import { gigaflopOf } from './gigaflop.js';
import { likelihoodStep, poolSize } from './likelihood-tasks.js';
import { gameTasks } from './peers/tasks.js';
import { type StepWork, startBytes, turnsOf } from './step-work.js';

test('a pool takes turns and starts anew when it ends', () => {
  const pool = float32(Float32Array.of(0, 1, 10, 11, 20, 21), [3, 2]);
  assert.deepEqual(turnsOf(pool, 0, 2), Float32Array.of(0, 1, 10, 11));
  assert.deepEqual(turnsOf(pool, 2, 2), Float32Array.of(20, 21, 0, 1));
  assert.deepEqual(turnsOf(pool, 4, 3), Float32Array.of(10, 11, 20, 21, 0, 1));
});

test('a start is written by parts, with its shapes', () => {
  const bytes = startBytes({
    initial: { 'encoder/output/weight': float32(Float32Array.of(1, 2), [2, 1]) },
    pool: { x: float32(Float32Array.of(3), [1, 1]) },
    losses: ['loss'],
    comparedSteps: 16,
    others: { degrees: float32(Float32Array.of(4, 5, 6), [3]) },
  });
  const { tensors } = readSafetensors(bytes);
  const read = [...tensors].map(([name, { dtype, shape, data }]) => [name, dtype, shape, [...data]]);
  assert.deepEqual(
    new Set(read),
    new Set([
      ['initial/encoder/output/weight', 'F32', [2, 1], [1, 2]],
      ['pool/x', 'F32', [1, 1], [3]],
      ['others/degrees', 'F32', [3], [4, 5, 6]],
    ]),
  );
});

test('the pool of a step has all that the step is fed, binary images among it', async () => {
  for (const name of ['vae-dense', 'made-500'] as const) {
    const work = await likelihoodStep(name);
    const { program, start } = work;
    checkPool(name, work);
    const rows = start?.pool[program.rows]?.data ?? [];
    assert.deepEqual(new Set(Array.from(rows, Number)), new Set([0, 1]));
    assert.ok(start?.losses.every((loss) => loss in program.step.metrics));
  }
});

test('the pool of a game has its rows and all its noise, and its losses are among the metrics', () => {
  for (const name of gameTasks) {
    const work = gameStep(name);
    checkPool(name, work);
    for (const loss of work.start?.losses ?? []) assert.ok(loss in work.program.step.metrics, `${name}: ${loss}`);
  }
});

test('the penalty costs the operations of a pass, of its gradient and of the gradients of both', () => {
  const [plain, penalised] = [
    gigaflopOf(gameStep('wgan-28').program.step),
    gigaflopOf(gameStep('wgan-gp-28').program.step),
  ];
  // Of 64 images, in multiples of 2 * 49 * 16 * 64 * 128 operations each for the second convolution: one pass, one gradient, then for
  // the gradient's own gradient one by its argument and one by the filter, and through the pass itself the same two again, since the
  // norm is not linear. The first convolution and the last layer add little.
  const second = (64 * 2 * 49 * 16 * 64 * 128) / 1e9;
  assert.ok(penalised - plain > 6 * second && penalised - plain < 6.3 * second, `${(penalised - plain) / second}`);
});

function checkPool(name: string, { program, start }: StepWork): void {
  for (const { name: feed, shape } of lowerLoop(program.step).feeds)
    assert.deepEqual(start?.pool[feed]?.shape, [poolSize, ...shape], `${name}: ${feed}`);
}

test('the degrees that peers make the masks of are those of the weights', async () => {
  const { start } = await likelihoodStep('made-500');
  const [places, degrees] = [start?.others.places?.data ?? [], start?.others.degrees?.data ?? []];
  const [sees, acts] = [start?.initial['hidden1/weight']?.data ?? [], start?.initial['output/weight']?.data ?? []];
  for (let pixel = 0; pixel < 784; pixel += 13)
    for (let unit = 0; unit < 500; unit++) {
      const [place, degree] = [Number(places[pixel]), Number(degrees[unit])];
      assert.equal(sees[pixel * 500 + unit] !== 0, degree >= place, `pixel ${pixel} to unit ${unit}`);
      assert.equal(acts[unit * 784 + pixel] !== 0, place > degree, `unit ${unit} to pixel ${pixel}`);
    }
});
