import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../runtime/random.js';
import { decimalsOf, formatNumber, isCode, parseNumber } from './cells.js';

test('numbers are told from texts, and too large ones from both', () => {
  for (const [text, value] of [
    ['0', 0],
    ['-1.5', -1.5],
    ['+.5', 0.5],
    ['5.', 5],
    ['1e-3', 0.001],
    ['1E+400', Number.POSITIVE_INFINITY],
    ['-inf', Number.NEGATIVE_INFINITY],
    ['Infinity', Number.POSITIVE_INFINITY],
  ] as const)
    assert.equal(parseNumber(text), value, text);
  for (const text of ['', '.', 'e5', '1,5', '0x10', '1 2', 'one', '1e', '--1', 'nan', '1_000', '5n'])
    assert.equal(parseNumber(text), undefined, text);
});

test('digits after a leading zero are a code', () => {
  for (const text of ['01067', '007', '-01']) assert.ok(isCode(text), text);
  for (const text of ['0', '0.5', '10', '0e5', '']) assert.ok(!isCode(text), text);
});

test('decimals are counted, powers of ten included', () => {
  for (const [text, decimals] of [
    ['5', 0],
    ['5.0', 1],
    ['-0.25', 2],
    ['2.5e-1', 2],
    ['1e-7', 7],
    ['1.5e3', 0],
    ['5.', 0],
  ] as const)
    assert.equal(decimalsOf(text), decimals, text);
});

test('numbers are written with the decimals of their column, and no more digits than a float32 has', () => {
  for (const [value, decimals, isPadded, text] of [
    [5, 1, true, '5.0'],
    [5, 1, false, '5'],
    [13.2, 2, false, '13.2'],
    [-0.04, 1, true, '0.0'],
    [-0.04, 1, false, '0'],
    [100, 0, false, '100'],
    [100, 0, true, '100'],
    [Math.fround(0.1), 20, true, '0.1'],
    [Math.fround(1 / 3), 20, false, '0.33333334'],
    [1e-7, 7, true, '0.0000001'],
    [Math.fround(1e-12), 16, false, '0.000000000001'],
    [123456789012, 0, true, '123456789012'],
  ] as const)
    assert.equal(formatNumber(value, decimals, isPadded), text);
});

test('what a float32 can hold is written as it was read', () => {
  const stream = random(1);
  for (let round = 0; round < 2000; round++) {
    const decimals = round % 5;
    const text =
      stream.next() < 0.5 ? (stream.next() * 100 - 50).toFixed(decimals) : (stream.next() * 9).toFixed(decimals);
    const expected = Number(text) === 0 ? text.replace('-', '') : text;
    assert.equal(formatNumber(Math.fround(Number(text)), decimals, true), expected);
    const whole = String(Math.floor(stream.next() * 2 ** 24));
    assert.equal(formatNumber(Math.fround(Number(whole)), 0, true), whole);
  }
});
