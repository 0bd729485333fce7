import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted, figure, percent } from './in-words.js';

test('numbers have the digits that anybody reads', () => {
  const numbers = [0, 0.012345, 4.5678, 81.34, 1234.5, 3.24e-7, -0.5, Number.NEGATIVE_INFINITY, Number.NaN];
  assert.deepEqual(numbers.map(figure), [
    '0',
    '0.0123',
    '4.57',
    '81.3',
    '1235',
    '3.2e-7',
    '-0.5',
    'minus infinity',
    'no number',
  ]);
});

test('percentages: only what is everything or nothing reads so', () => {
  assert.deepEqual([0, 1e-5, 0.004, 0.1234, 0.81, 0.9923, 0.99999, 1, 1.3].map(percent), [
    '0 %',
    'less than 0.1 %',
    '0.4 %',
    '12 %',
    '81 %',
    '99.2 %',
    'nearly 100 %',
    '100 %',
    '130 %',
  ]);
});

test('one thing and more', () => {
  assert.deepEqual(
    [counted(1, 'row'), counted(3, 'row'), counted(2, 'class', 'classes')],
    ['1 row', '3 rows', '2 classes'],
  );
});
