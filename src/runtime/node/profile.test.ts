import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { ConfigError } from '../../core/errors.js';
import { input, lowerLoop, lowerProgram, lowerStep, matmul, sin, tanh } from '../../tensor/index.js';
import { random } from '../random.js';
import { float32 } from '../runtime.js';
import { mlpStep } from '../testing/example-steps.js';
import { profile, profileRows } from './profile.js';

const size = 256;
const x = input('x', [size, size]);
const program = lowerProgram({ name: 'profiled', results: { y: sin(matmul(x, tanh(x))) } });

test('the rows are the operators, the slowest first, and no file stays behind', async () => {
  const mine = () => readdirSync(tmpdir()).filter((name) => name.startsWith('verisim-profile-')).length;
  const before = mine();
  const rows = await profile(
    program,
    { x: float32(random(0).normal(size * size), [size, size]) },
    { threads: 1, runs: 3 },
  );
  const operators = rows.map(({ operator }) => operator);
  assert.equal(operators.length, 3);
  for (const operator of [/MatMul|Gemm/, /Tanh/, /Sin/]) assert.ok(operators.some((name) => operator.test(name)));
  assert.ok(rows.every(({ milliseconds, count, name }) => milliseconds > 0 && count === 1 && name !== ''));
  const times = rows.map(({ milliseconds }) => milliseconds);
  assert.deepEqual(
    times,
    [...times].sort((a, b) => b - a),
  );
  assert.equal(mine(), before);
});

test('a step is profiled with its variables as inputs; many steps per run are refused', async () => {
  const { step, initial } = mlpStep();
  const lowered = lowerStep(step);
  const rows = await profile(lowered, { ...initial, x: float32(random(1).normal(128), [16, 8]) });
  assert.ok(rows.some(({ operator }) => operator.includes('Gemm')));
  await assert.rejects(profile(lowerLoop(step), {}), ConfigError);
  await assert.rejects(profile(lowered, {}), ConfigError);
  await assert.rejects(profile(lowered, initial, { runs: 0 }), ConfigError);
});

test('the time of an operator is the median over the runs but the first', () => {
  const run = (ts: number) => ({ cat: 'Session', name: 'model_run', ts, dur: 100 });
  const node = (name: string, ts: number, dur: number) => ({
    cat: 'Node',
    name: `${name}_kernel_time`,
    ts,
    dur,
    args: { op_name: name.toUpperCase() },
  });
  const starts = [0, 1000, 2000, 3000];
  const events = starts.flatMap((start, index) => [
    node('add', start + 10, [90, 4, 2, 6][index] ?? 0),
    node('gemm', start + 20, [9, 30, 40, 20][index] ?? 0),
    run(start),
  ]);
  assert.deepEqual(profileRows([...events, { cat: 'Session', name: 'session_initialization', ts: 0, dur: 9 }]), [
    { name: 'gemm', operator: 'GEMM', milliseconds: 0.03, count: 1 },
    { name: 'add', operator: 'ADD', milliseconds: 0.004, count: 1 },
  ]);
});
