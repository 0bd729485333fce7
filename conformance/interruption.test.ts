// How every kind of model has to stop and go on: aborts, checkpoints, divergence; and that its devices agree.
import assert from 'node:assert/strict';
import { DivergedError } from '../src/core/errors.js';
import type { Checkpoint } from '../src/training/observer.js';
import { assertClose } from './assertions.js';
import { everyModel } from './harness.js';

everyModel(({ one, fitOptions, inBatches, requires, make, fitted, rows }) => {
  const { data, divergingOptions, longOptions } = one;

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

  requires('devices', async () => {
    const short = inBatches ? { steps: 3 } : {};
    const native = await fitted(short);
    const portable = await fitted({ ...short, device: 'wasm' });
    // The same seed means the same samples on every runtime, up to rounding.
    assertClose(await rows(portable), await rows(native), 1e-3);
  });
});
