import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StepResult } from './results.js';
import { differences, sameWorkLines } from './same-work.js';

const ours = { figure: 200, gigaflop: 0.5 };

test('rounding makes no difference, other work does', () => {
  assert.deepEqual(differences(ours, { figure: 200.1, gigaflop: 0.505 }), []);
  assert.deepEqual(differences(ours, { figure: 201, gigaflop: 0.75 }), [
    'reached a loss of 201.000, not 200.000: it does other work',
    'takes 0.75 GFLOP, not 0.50',
  ]);
  assert.equal(differences(ours, { figure: Number.NaN }).length, 1, 'a loss that is no number is another');
  assert.deepEqual(
    differences({ figure: -2, gigaflop: 0.5 }, { figure: -2.001 }),
    [],
    'losses of games may be negative',
  );
  assert.equal(differences({ figure: -2, gigaflop: 0.5 }, { figure: 2 }).length, 1);
  assert.deepEqual(differences({ gigaflop: 0.5 }, { figure: 3 }), [], 'nothing to compare with');
});

test('losses of all sides stand in one line, and doubts below', () => {
  const step: StepResult = {
    ...{ name: 'vae-dense', description: 'a VAE', milliseconds: 3, quartiles: [3, 3] as const },
    ...{ ...ours, shareOfPeak: 0.4, compileMs: 50, megabytes: 200 },
    peers: [
      { name: 'PyTorch', version: '2.15.0', figure: 200.01, gigaflop: 0.5, remarks: [] },
      { name: 'PyTorch compile', version: '2.15.0', figure: 210, gigaflop: 0.5, remarks: [] },
    ],
  };
  assert.deepEqual(sameWorkLines([step, { ...step, peers: [] }]), [
    '',
    'Loss after 16 steps (of games the sum of all losses after 3) from the same weights on the same batches (and operations of a step): ' +
      'vae-dense: ' +
      'Verisim 200.000 (0.50 GFLOP), PyTorch 200.010 (0.50 GFLOP), PyTorch compile 210.000 (0.50 GFLOP).',
    '',
    'vae-dense, PyTorch compile: reached a loss of 210.000, not 200.000: it does other work.',
  ]);
  assert.deepEqual(sameWorkLines([{ ...step, peers: [] }]), []);
});
