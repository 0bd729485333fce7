// How every kind of model has to train: reports, seeds, one fit at a time. How it stops and goes on: interruption.test.ts.
import assert from 'node:assert/strict';
import { ConfigError } from '../src/core/errors.js';
import type { FittableModel } from '../src/models/contract.js';
import { everyModel } from './harness.js';

everyModel(({ one, fitOptions, inBatches, requires, make, fitted, rows }) => {
  const { data, refused } = one;
  // What fits with two seeds give, for all who ask.
  const fits = new Map<number, Promise<{ readonly model: FittableModel; readonly drawn: Float32Array }>>();
  const fitWith = (seed: number) => {
    const fit = fits.get(seed) ?? fitted({ seed }).then(async (model) => ({ model, drawn: await rows(model) }));
    fits.set(seed, fit);
    return fit;
  };

  requires('fit report', async () => {
    const told: number[] = [];
    const { stoppedBecause, iterations, converged, warnings, history } = await make().fit(data, {
      ...fitOptions,
      observer: { onProgress: ({ step }) => void told.push(step) },
    });
    assert.equal(stoppedBecause, 'finished');
    assert.ok(Number.isInteger(iterations) && iterations >= 1, `${iterations} iterations`);
    assert.equal(typeof converged, 'boolean');
    assert.ok(warnings.every((warning) => warning.length > 0));
    // A fit whose criterion was not met says what to do about it; training for a number of steps has no criterion.
    if (inBatches) assert.equal(converged, false);
    else assert.ok(converged || warnings.length > 0);
    for (const { metrics } of history) {
      assert.ok(Object.keys(metrics).length > 0);
      assert.ok(Object.values(metrics).every(Number.isFinite));
    }
    const steps = history.map(({ step }) => step);
    for (const counted of [steps, told])
      assert.deepEqual(
        counted,
        counted.toSorted((a, b) => a - b),
      );
    assert.ok((steps.at(-1) ?? 0) <= iterations && (told.at(-1) ?? 0) <= iterations);
  });

  requires('report of steps', async () => {
    const told: number[] = [];
    const model = make();
    const report = await model.fit(data, {
      ...fitOptions,
      logEvery: 5,
      observer: { onProgress: ({ step }) => void told.push(step) },
    });
    assert.equal(report.stoppedBecause, 'finished');
    assert.equal(report.iterations, 12);
    assert.equal(report.converged, false);
    assert.deepEqual(
      report.history.map(({ step }) => step),
      [5, 10, 12],
    );
    assert.equal(told.at(-1), 12);
  });

  requires('seeds of fit', async () => {
    const { model } = await fitWith(2);
    // A second fit starts from the beginning.
    await model.fit(data, { ...fitOptions, seed: 1 });
    assert.deepEqual(await rows(model), (await fitWith(1)).drawn);
  });

  requires('other seeds', async () => {
    assert.notDeepEqual((await fitWith(2)).drawn, (await fitWith(1)).drawn);
  });

  requires('one fit at a time', async () => {
    const model = make();
    const first = model.fit(data, fitOptions);
    await assert.rejects(
      model.fit(data, fitOptions),
      (error) => error instanceof ConfigError && /already being fitted/.test(error.message),
    );
    await first;
    await model.fit(data, fitOptions);
  });

  requires('refused data', async () => {
    assert.ok(refused.length > 0);
    for (const [unfit, message] of refused)
      await assert.rejects(make().fit(unfit, { ...fitOptions, ...(inBatches ? { batchSize: 2 } : {}) }), message);
  });
});
