// The route of objectives: what is said to be the same under all of them is the same, and every one of them trains.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { present } from '../../../core/present.js';
import { type Dataset, fromArrays } from '../../../data/index.js';
import { AdversarialModel } from '../../../models/adversarial/adversarial-model.js';
import { createModel } from '../../../models/registry.js';
import { random } from '../../../runtime/random.js';
import { tourRouteNames, tourRoutes } from './index.js';

const { stages } = tourRoutes.objectives;
const rowsOf = (shape: readonly number[]): Dataset =>
  fromArrays({ x: random(1).uniform(32 * shape.reduce((a, b) => a * b, 1)), shape, name: 'rows' });
const points = rowsOf([2]);
const images = rowsOf([12, 12, 1]);
const small = rowsOf([4, 4, 1]);
const modelOf = (index: number, data: Dataset, seconds = 10) => {
  const stage = stages[index];
  assert.ok(stage !== undefined);
  return createModel(stage.kind, stage.options({ seconds, data }));
};
/** What is learnt besides biases and norms, in order. */
const weightsOf = (parameters: Readonly<Record<string, { readonly shape: readonly number[] }>>): string[] =>
  Object.values(parameters).flatMap(({ shape }) => (shape.length < 2 ? [] : [shape.join('x')]));

test('both networks have the same weights under every objective, whatever the data and the time', () => {
  for (const data of [points, images, small])
    for (const seconds of [10, 1000]) {
      const games = stages.flatMap((_, index) => {
        const model = modelOf(index, data, seconds);
        return model instanceof AdversarialModel ? [model.gameFor(data.exampleShape)] : [];
      });
      assert.equal(games.length, stages.length - 1);
      const [generators, discriminators] = [
        new Set(games.map(({ generator }) => weightsOf(generator.parameters).join(' '))),
        new Set(games.map(({ discriminator }) => weightsOf(discriminator.parameters).join(' '))),
      ];
      assert.deepEqual([generators.size, discriminators.size], [1, 1]);
    }
});

test('every objective trains, on few points, too', async () => {
  for (const [index, { name, batchSize }] of stages.entries()) {
    const model = modelOf(index, points);
    const options = { steps: 2, seed: 0, threads: 1, ...present({ batchSize: batchSize?.(points) }) };
    const { history, warnings } = await model.fit(points, options);
    assert.ok(history.length > 0, name);
    assert.deepEqual(warnings, [], name);
    await model.dispose();
  }
});

test('routes are known by their names, and stages of one route by theirs', () => {
  for (const name of tourRouteNames) {
    const route = tourRoutes[name];
    assert.equal(route.name, name);
    assert.equal(new Set(route.stages.map((stage) => stage.name)).size, route.stages.length);
  }
});
