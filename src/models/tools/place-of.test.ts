import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../runtime/random.js';
import { placeOf } from './place-of.js';

test('a uniform number falls on the place whose part of [0, 1) it lies in', () => {
  const shares = [0.25, 0, 0.5, 0.25];
  assert.deepEqual(
    [0, 0.2499, 0.25, 0.7499, 0.75, 0.9999].map((uniform) => placeOf(shares, uniform)),
    [0, 0, 2, 2, 3, 3],
  );
});

test('rounded sums below 1 never lead to a place of probability 0', () => {
  assert.equal(placeOf([0.3, 0.6999999, 0], 0.99999999), 1);
  assert.equal(placeOf([], 0.5), 0);
});

test('places are drawn as often as their probabilities say', () => {
  const shares = [0.1, 0.6, 0.3];
  const counts = [0, 0, 0];
  for (const uniform of random(0).uniform(20_000)) {
    const place = placeOf(shares, uniform);
    counts[place] = (counts[place] ?? 0) + 1;
  }
  // Deviations of shares of 20000 draws are below 0.0035.
  for (const [place, share] of shares.entries()) assert.ok(Math.abs((counts[place] ?? 0) / 20_000 - share) < 0.015);
});
