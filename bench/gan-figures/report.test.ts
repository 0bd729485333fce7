// What the documentation says about figures of the adversarial family.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GanRecord } from './record.js';
import { ganText } from './report.js';

const record: GanRecord = {
  name: 'ring',
  model: 'wgan-gp',
  options: { latentSize: 2 },
  data: 'eight-gaussians',
  standardised: false,
  batchSize: 128,
  seeds: [0, 1],
  samples: 1000,
  measures: [
    { of: 'modes', goal: 8, values: [8, 8], real: 8 },
    { of: 'high-quality', goal: 90, values: [95.04, 91.26], real: 98.9 },
  ],
  minutes: [0.5, 0.7],
  processorMinutes: [0.4, 0.3],
  steps: [5000, 5000],
  cores: 1,
  peakMegabytes: 300,
  picture: null,
};

test('of several seeds the worst is said first, with the longest of the trainings', () => {
  const text = ganText([record]);
  assert.match(text, /1000 samples \| 91\.3 % \(95\.0, 91\.3\) \| 98\.9 % \| 90\.0 % \| 0\.7 \| 0\.4 \| 1 \| 300 \|/);
  assert.match(text, /No goal was missed/);
  assert.match(text, /`wgan-gp` `\{"latentSize":2\}` \| 128 \| 5000 \|/);
});

test('one seed that falls short misses the goal', () => {
  const text = ganText([{ ...record, measures: [{ of: 'modes', goal: 8, values: [8, 6], real: 8 }] }]);
  assert.match(text, /\| 8: missed \|/);
  assert.match(text, /Goals that were missed: \*\*ring\*\*: 6 instead of 8\./);
});

test('without a goal there is nothing to miss; a sheet of samples is shown', () => {
  const text = ganText([
    {
      ...record,
      seeds: [0],
      measures: [{ of: 'fid', goal: null, values: [61.25], real: 2.5 }],
      picture: { file: 'sheet.png', text: 'Photographs:' },
    },
  ]);
  assert.match(text, /\| 61\.3 \| 2\.5 \| {2}\|/);
  assert.match(text, /No goal was missed/);
  assert.match(text, /Photographs:\n\n!\[ring\]\(images\/sheet\.png\)/);
});

test('points in other units are said to be so', () => {
  assert.doesNotMatch(ganText([record]), /standardised/);
  assert.match(ganText([{ ...record, standardised: true }]), /`\{"latentSize":2\}`, on standardised points \| 128 \|/);
});

test('no records, no table', () => {
  assert.equal(ganText([]), 'Nothing has been measured yet.');
});
