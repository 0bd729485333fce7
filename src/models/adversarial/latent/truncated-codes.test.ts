import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../../../core/errors.js';
import { random } from '../../../runtime/random.js';
import { truncatedCodes } from './truncated-codes.js';

const draw = (count: number, truncation?: number) => truncatedCodes(random(3).split('codes'), count, truncation);

test('without truncation they are the codes of always; with it, those inside stay', () => {
  const plain = random(3).split('codes').normal(1000);
  assert.deepEqual(draw(1000), plain);
  const cut = draw(1000, 0.7);
  assert.ok(cut.every((value) => Math.abs(value) <= 0.7));
  for (const [i, value] of plain.entries()) if (Math.abs(value) <= 0.7) assert.equal(cut[i], value);
  assert.deepEqual(draw(1000, 100), plain);
});

test('the variance is that of the truncated normal distribution', () => {
  // 1 - 2 t phi(t) / (2 Phi(t) - 1), evaluated with math.erf of Python
  const expected = [
    [2, 0.7737413],
    [0.7, 0.1529187],
    [0.5, 0.0805892],
    [0.3, 0.0296416],
  ] as const;
  for (const [truncation, variance] of expected) {
    const codes = draw(100_000, truncation);
    assert.ok(codes.every((value) => Math.abs(value) <= truncation));
    const square = codes.reduce((sum, value) => sum + value ** 2, 0) / codes.length;
    // Four standard errors of 100000 draws are less than 1.5 %.
    assert.ok(Math.abs(square / variance - 1) < 0.015, `${truncation}: ${square}, not ${variance}`);
  }
});

test('more codes begin with the same ones', () => {
  for (const truncation of [1, 0.49, 0.2])
    assert.deepEqual(draw(6400, truncation).slice(0, 1600), draw(1600, truncation));
});

test('a truncation that leaves nothing is refused', () => {
  for (const truncation of [0, -1, Number.NaN]) assert.throws(() => draw(3, truncation), ConfigError);
});
