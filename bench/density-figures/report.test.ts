// What the documentation says about figures: which goals were missed, by how much, and how the validation went.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DensityRecord } from './record.js';
import { densityText } from './report.js';

const record: DensityRecord = {
  name: 'one',
  model: 'made',
  options: { hiddenLayers: [5] },
  data: 'binarized-mnist',
  measure: 'test negative log-likelihood',
  unit: 'nats an image',
  goal: '88',
  published: '88.40',
  value: 87.5,
  standardError: 0.2,
  minutes: 6.25,
  processorMinutes: 5,
  scoringMinutes: 1,
  steps: 100,
  cores: 2,
  peakMegabytes: 500,
  curve: Array.from({ length: 30 }, (_, i) => [i, i === 17 ? 80 : 100 - i / 10]),
};

test('a goal that is reached is said with nothing to add', () => {
  const text = densityText([record]);
  assert.match(text, /87\.50 ± 0\.20 \| 88 \| 88\.40 \| 6\.3 \| 5\.0 \| 2 \| 500/);
  assert.match(text, /No goal was missed/);
});

test('a missed goal comes with what was short and a curve that has both ends and the best look', () => {
  const text = densityText([{ ...record, value: 88.25 }]);
  assert.match(text, /88: missed/);
  assert.match(text, /\*\*one\*\*: 88\.25 instead of 88 nats an image, 0\.25 short\./);
  const [minutes = '', , losses = ''] = text.slice(text.indexOf('| minutes | 0.0')).split('\n');
  assert.match(minutes, /0\.0 .* 17\.0 .* 29\.0/);
  assert.match(losses, /validation \| 100\.00 .* 80\.00 .* 97\.10/);
});

test('accuracies are the better the higher, and two measures of one training share its line of options', () => {
  const accuracy = {
    ...record,
    name: 'one, classes',
    unit: '% of the test images',
    goal: '98.5',
    value: 98.1,
  } as const;
  const text = densityText([record, accuracy]);
  assert.match(text, /\*\*one, classes\*\*: 98\.10 instead of 98\.5 % of the test images, 0\.40 short\./);
  assert.equal(text.match(/`\{"hiddenLayers":\[5\]\}`/g)?.length, 1);
  assert.match(densityText([{ ...accuracy, value: 98.5 }]), /No goal was missed/);
});

test('a model whose rows have no loss says so instead of a curve', () => {
  assert.match(densityText([{ ...record, value: 90, curve: [] }]), /no loss of single rows/);
});
