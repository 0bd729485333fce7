import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesText, durationText, formatValue, rateText } from './format.js';

test('values have the digits that say something', () => {
  const expected: readonly (readonly [number, string])[] = [
    [0, '0'],
    [50, '50'],
    [-3, '−3'],
    [1234.5, '1,235'],
    [-15_220.4, '−15,220'],
    [123.456, '123.5'],
    [12.345, '12.35'],
    [5.0731, '5.073'],
    [0.0457, '0.0457'],
    [0.00828, '0.00828'],
    [8.3e-6, '8.3 × 10⁻⁶'],
    [2.5e12, '2.5 × 10¹²'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NEGATIVE_INFINITY, '−∞'],
    [Number.NaN, 'none'],
  ];
  for (const [value, text] of expected) assert.equal(formatValue(value), text);
});

test('times, sizes and rates as people say them', () => {
  assert.deepEqual([0.04, 0.4, 8.4, 75, 7200].map(durationText), ['0.1 s', '0.4 s', '8 s', '1.3 min', '2.0 h']);
  assert.deepEqual([512 * 2 ** 20, 1.5 * 2 ** 30].map(bytesText), ['512 MB', '1.5 GB']);
  assert.deepEqual([15_183, 3.21].map(rateText), ['15,000 a second', '3.2 a second']);
});
