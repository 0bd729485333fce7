// What a longer tour changes, chapter by chapter; and that models take what they are given, whatever the data and the time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Dataset, fromArrays } from '../../../data/index.js';
import { createModel } from '../../../models/registry.js';
import { tourRoutes } from './index.js';

const { stages } = tourRoutes.models;
const classes = ['a', 'b'];
const rowsOf = (length: number, shape: readonly number[]): Dataset => {
  const x = new Float32Array(length * shape.reduce((product, side) => product * side, 1));
  return fromArrays({ x, shape, labels: Int32Array.from({ length }, (_, row) => row % 2), classes, name: 'rows' });
};
const digits = rowsOf(9600, [12, 12, 1]);
const few = rowsOf(100, [12, 12, 1]);
const points = rowsOf(9600, [2]);

/** The options of a stage that trains for some seconds and, where it takes steps, for so many. */
const optionsOf = (kind: string, data: Dataset, seconds: number, steps: number): Readonly<Record<string, unknown>> => {
  const stage = stages.find((one) => one.kind === kind);
  assert.ok(stage !== undefined, kind);
  assert.ok(stage.takes(data), kind);
  const epochs = (steps * 50) / data.length;
  return { ...stage.options({ seconds, data }), ...stage.schedule?.({ steps, epochs }) };
};

test('models take their options, of any data in any time', () => {
  for (const data of [digits, few, points])
    for (const seconds of [1, 20, 100, 1000])
      for (const { kind, takes } of stages)
        if (takes(data)) createModel(kind, optionsOf(kind, data, seconds, 100 * seconds));
});

test('in a tour of six minutes on digits models are small', () => {
  assert.equal(optionsOf('gaussian-mixture', digits, 11, 0).covariance, 'diagonal');
  assert.equal(optionsOf('autoencoder', digits, 25, 3000).network, undefined);
  assert.equal(optionsOf('vae', digits, 47, 6000).network, undefined);
  assert.equal(optionsOf('pixelcnn', digits, 80, 2200).layers, 5);
  for (const kind of ['gan', 'dcgan']) assert.deepEqual(optionsOf(kind, digits, 80, 1800), { ema: 0.995 });
});

test('in an hour they are larger, those that minimise learn at steps that get smaller, and games are averaged over more of theirs', () => {
  const { components, covariance, rank } = optionsOf('gaussian-mixture', digits, 66, 0);
  assert.deepEqual({ components, covariance, rank }, { components: 32, covariance: 'low-rank', rank: 20 });
  assert.equal(optionsOf('autoencoder', digits, 200, 10_000).network, 'convolutional');
  const vae = optionsOf('vae', digits, 400, 19_200);
  assert.deepEqual([vae.network, vae.learningRateDecay], ['convolutional', 100]);
  const pixelcnn = optionsOf('pixelcnn', digits, 700, 7000);
  assert.deepEqual([pixelcnn.layers, pixelcnn.decaySteps], [12, 7000]);
  for (const kind of ['gan', 'dcgan']) assert.deepEqual(optionsOf(kind, digits, 400, 20_000), { ema: 0.999 });
});

test('components have rows enough, and whole covariance matrices where rows are short', () => {
  assert.equal(optionsOf('gaussian-mixture', few, 1000, 0).components, 10);
  assert.equal(optionsOf('gaussian-mixture', rowsOf(6000, [12, 12, 1]), 1000, 0).components, 20);
  for (const [seconds, components] of [
    [10, 10],
    [1000, 32],
  ] as const) {
    const options = optionsOf('gaussian-mixture', points, seconds, 0);
    assert.deepEqual([options.components, options.covariance], [components, 'full']);
  }
});
