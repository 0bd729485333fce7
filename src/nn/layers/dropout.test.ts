// Dropout: what is kept is enlarged so that the expectation stays; nothing happens outside training.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../../core/errors.js';
import { random } from '../../runtime/random.js';
import { input } from '../../tensor/operators/source.js';
import { network } from '../network.js';
import { array, numbers } from '../numeric.test.support.js';
import { dropout } from './dropout.js';
import { sequential } from './sequential.js';

const ones = (shape: readonly number[]) => array(shape, new Float64Array(shape.reduce((a, b) => a * b)).fill(1));

test('keeps the expectation, with values 0 and 1 / (1 - rate)', () => {
  const net = network('net', dropout({ rate: 0.3 }), [100]);
  const { output, noise } = net.apply(input('x', [200, 100]), {}, { training: true });
  assert.deepEqual(noise, [{ name: 'noise/net/dropout', shape: [200, 100], distribution: 'uniform' }]);
  const values = numbers(output, {
    x: ones([200, 100]),
    'noise/net/dropout': array([200, 100], random(1).uniform(20_000)),
  });
  assert.ok(values.every((value) => value === 0 || value === 1 / 0.7));
  // The standard deviation of one value is sqrt(0.3 / 0.7) = 0.65, of the mean 0.0046; four of them are allowed.
  assert.ok(Math.abs(values.reduce((a, b) => a + b) / values.length - 1) < 0.019);
});

test('is the identity outside training and for rate 0', () => {
  const x = input('x', [2, 3]);
  assert.equal(network('net', dropout(), [3]).apply(x, {}).output, x);
  assert.equal(network('net', dropout({ rate: 0 }), [3]).apply(x, {}, { training: true }).output, x);
});

test('whole channels are kept or dropped together', () => {
  const net = network('net', dropout({ wholeChannels: true }), [2, 2, 5]);
  const { output, noise } = net.apply(input('x', [1, 2, 2, 5]), {}, { training: true });
  assert.deepEqual(noise[0]?.shape, [1, 1, 1, 5]);
  const feeds = { x: ones([1, 2, 2, 5]), 'noise/net/dropout': array([1, 1, 1, 5], [0.1, 0.9, 0.5, 0.49, 0.7]) };
  const row = [0, 2, 2, 0, 2];
  assert.deepEqual(numbers(output, feeds), [...row, ...row, ...row, ...row]);
});

test('each dropout of an application, and each prefix, has noise of its own', () => {
  const net = network('net', sequential([dropout(), dropout()]), [3]);
  const names = (noisePrefix?: string) =>
    net
      .apply(input('x', [2, 3]), {}, { training: true, ...(noisePrefix === undefined ? {} : { noisePrefix }) })
      .noise.map(({ name }) => name);
  assert.deepEqual(names(), ['noise/net/dropout1/dropout', 'noise/net/dropout2/dropout']);
  assert.deepEqual(names('real'), ['real/net/dropout1/dropout', 'real/net/dropout2/dropout']);
});

test('a rate of 1 is refused', () => assert.throws(() => dropout({ rate: 1 }), ConfigError));
