// How every kind of model has to train: reports, seeds, interruptions, divergence, devices.
import assert from 'node:assert/strict';
import { ConfigError, DivergedError } from '../src/core/errors.js';
import type { Checkpoint } from '../src/training/observer.js';
import { assertClose } from './assertions.js';
import { everyModel } from './harness.js';

everyModel(({ one, fitOptions, inBatches, requires, make, fitted, rows }) => {
  const { data, divergingOptions, longOptions, refused } = one;

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
    const first = await rows(await fitted());
    assert.deepEqual(await rows(await fitted()), first);
    // A second fit starts from the beginning.
    const again = await fitted({ seed: 2 });
    await again.fit(data, fitOptions);
    assert.deepEqual(await rows(again), first);
  });

  requires('other seeds', async () => {
    assert.notDeepEqual(await rows(await fitted({ seed: 2 })), await rows(await fitted()));
  });

  requires('abort', async () => {
    const stop = new AbortController();
    const model = make(longOptions);
    const report = await model.fit(data, {
      ...fitOptions,
      ...(inBatches ? { steps: 100_000 } : {}),
      signal: stop.signal,
      observer: { onProgress: () => stop.abort() },
    });
    assert.equal(report.stoppedBecause, 'aborted');
    assert.equal(report.converged, false);
    assert.ok(report.iterations >= 1 && report.iterations < 100_000);
    assert.ok((await rows(model)).every(Number.isFinite));
  });

  requires('resume', async () => {
    const checkpoints: Checkpoint[] = [];
    const whole = await fitted({
      checkpointEvery: 5,
      observer: { onCheckpoint: (checkpoint) => void checkpoints.push(checkpoint) },
    });
    const [resume] = checkpoints;
    assert.ok(resume?.step === 5);
    const rest = await fitted({ resume });
    assert.deepEqual(await rows(rest), await rows(whole));
  });

  requires('divergence', async () => {
    assert.ok(divergingOptions, "give divergingOptions, or except 'divergence' with the reason");
    const model = make(divergingOptions);
    await assert.rejects(model.fit(data, { ...fitOptions, steps: 50 }), (error) => {
      assert.ok(error instanceof DivergedError, String(error));
      assert.ok(error.step >= 1 && error.step <= 50 && error.quantity !== '');
      assert.match(error.message, new RegExp(`step ${error.step}: .*kept.*What helps: .+`));
      return true;
    });
    assert.ok((await rows(model)).every(Number.isFinite));
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

  requires('devices', async () => {
    const short = inBatches ? { steps: 3 } : {};
    const native = await fitted(short);
    const portable = await fitted({ ...short, device: 'wasm' });
    // The same seed means the same samples on every runtime, up to rounding.
    assertClose(await rows(portable), await rows(native), 1e-3);
  });
});
