// The suite that every kind of model has to pass: the contract of src/models/contract.ts, checked on tiny models.
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { runCli } from '../src/cli/testing/run-cli.js';
import { ConfigError, DivergedError, FileFormatError, NotFittedError, RunFolderError } from '../src/core/errors.js';
import { type Dataset, subset } from '../src/data/index.js';
import { capabilities, type FitOptions, type GenerativeModel } from '../src/models/contract.js';
import { load } from '../src/models/node/load.js';
import { createModel, models } from '../src/models/registry.js';
import type { Checkpoint } from '../src/training/observer.js';
import { capabilityChecks } from './capability-checks.js';
import { cases, type ModelCase, type Requirement } from './cases.js';

const home = await mkdtemp(join(tmpdir(), 'verisim-conformance-'));
after(() => rm(home, { recursive: true }));

test('every kind of model has a case, and every case a kind', () => {
  assert.deepEqual(Object.keys(cases).sort(), Object.keys(models).sort());
});

for (const [kind, one] of Object.entries(cases)) suite(kind, () => conformance(kind, one));

function conformance(
  kind: string,
  { options, otherOptions, divergingOptions, data, batchSize, refused, exceptions }: ModelCase,
): void {
  const requires = (name: Requirement, check: () => Promise<void>): void => {
    // What a kind is excused from, it is excused from with a reason, in cases.ts.
    if (exceptions?.[name] === undefined) test(name, check);
  };
  const fitOptions: FitOptions = { steps: 12, batchSize, seed: 1, threads: 1 };
  const created: GenerativeModel[] = [];
  const make = (extra: object = {}): GenerativeModel => {
    const model = createModel(kind, { ...options, ...extra });
    created.push(model);
    return model;
  };
  const fitted = async (extra: FitOptions = {}): Promise<GenerativeModel> => {
    const model = make();
    await model.fit(data, { ...fitOptions, ...extra });
    return model;
  };
  const rows = async (model: GenerativeModel, count = 5, seed = 1) => (await model.sample(count, { seed })).data;
  after(async () => {
    for (const model of created) await model.dispose();
  });

  requires('frozen configuration', async () => {
    const model = make();
    assert.equal(model.kind, kind);
    const before = structuredClone(model.config);
    assertFrozen(model.config);
    // Every option of the schema has a value, and those asked for are kept.
    assert.deepEqual(Object.keys(model.config).sort(), Object.keys(models[kind]?.schema.shape ?? {}).sort());
    for (const [name, value] of Object.entries(options))
      assert.deepEqual(Object.entries(model.config).find(([key]) => key === name)?.[1], value);
    await model.fit(data, fitOptions);
    assert.deepEqual(model.config, before);
  });

  requires('unknown options', async () => {
    const [name = ''] = Object.keys(options);
    assert.throws(
      () => make({ [`${name}x`]: 1 }),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, new RegExp(`^${kind} has no option "${name}x"\\. Did you mean "${name}"\\?`));
        return true;
      },
    );
    assert.throws(
      () => make({ [name]: { not: 'allowed' } }),
      (error) => error instanceof ConfigError && error.message.includes(`"${name}`),
    );
  });

  requires('not fitted', async () => {
    const model = make();
    for (const use of [() => model.sample(1), () => model.save(join(home, 'never'))])
      await assert.rejects(
        use(),
        (error) => error instanceof NotFittedError && /Call fit\(data\) first/.test(error.message),
      );
  });

  requires('fit report', async () => {
    const told: number[] = [];
    const model = make();
    const report = await model.fit(data, {
      ...fitOptions,
      logEvery: 5,
      observer: { onProgress: ({ step }) => void told.push(step) },
    });
    assert.equal(report.stoppedBecause, 'finished');
    assert.equal(report.iterations, 12);
    assert.equal(report.converged, true);
    assert.ok(Array.isArray(report.warnings));
    assert.deepEqual(
      report.history.map(({ step }) => step),
      [5, 10, 12],
    );
    for (const { metrics } of report.history) {
      assert.ok(Object.keys(metrics).length > 0);
      assert.ok(Object.values(metrics).every(Number.isFinite));
    }
    assert.equal(told.at(-1), 12);
    assert.deepEqual(
      told,
      told.toSorted((a, b) => a - b),
    );
  });

  requires('seeds of fit', async () => {
    const first = await rows(await fitted());
    assert.deepEqual(await rows(await fitted()), first);
    assert.notDeepEqual(await rows(await fitted({ seed: 2 })), first);
    // A second fit starts from the beginning.
    const again = await fitted({ seed: 2 });
    await again.fit(data, fitOptions);
    assert.deepEqual(await rows(again), first);
  });

  requires('seeds of sample', async () => {
    const model = await fitted();
    assert.deepEqual(await rows(model), await rows(model));
    assert.notDeepEqual(await rows(model, 5, 1), await rows(model, 5, 2));
    assert.notDeepEqual((await model.sample(5)).data, (await model.sample(5)).data);
  });

  requires('sampled rows', async () => {
    const { data: values, shape } = await (await fitted()).sample(7, { seed: 1 });
    assert.deepEqual(shape, [7, ...data.exampleShape]);
    assert.equal(
      values.length,
      shape.reduce((a, b) => a * b, 1),
    );
    assert.ok(values.every(Number.isFinite));
    if (data.exampleShape.length === 3) assert.ok(values.every((value) => value >= 0 && value <= 1));
    // Rows differ from each other.
    assert.notDeepEqual(values.slice(0, values.length / 7), values.slice(values.length / 7, (2 * values.length) / 7));
  });

  requires('batch independence', async () => {
    const model = await fitted();
    // 600 rows are drawn in several batches; with the same seed the first ones are those of a smaller count, up to rounding.
    const many = await rows(model, 600);
    const few = await rows(model, 5);
    assertClose(many.slice(0, few.length), few);
  });

  requires('save and load', async () => {
    const model = await fitted();
    const folder = join(home, `${kind}-saved`);
    await model.save(folder);
    const loaded = await load(folder);
    created.push(loaded);
    assert.equal(loaded.kind, kind);
    assert.deepEqual(loaded.config, model.config);
    assertFrozen(loaded.config);
    assert.deepEqual(await rows(loaded), await rows(model));
    // Saving what was loaded gives the same files.
    await loaded.save(`${folder}-again`);
    for (const file of ['model.json', 'weights.safetensors'])
      assert.deepEqual(await readFile(join(`${folder}-again`, file)), await readFile(join(folder, file)));
    // A loaded model can be fitted like a new one.
    await loaded.fit(data, fitOptions);
    assert.deepEqual(await rows(loaded), await rows(model));
  });

  requires('damaged files', async () => {
    const folder = join(home, `${kind}-good`);
    await (await fitted()).save(folder);
    const weights = await readFile(join(folder, 'weights.safetensors'));
    const description = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'));
    const damages: readonly (readonly [string, Uint8Array | string])[] = [
      ['weights.safetensors', weights.subarray(0, weights.length - 4)],
      ['weights.safetensors', ''],
      ['model.json', '{"format": "verisim'],
      ['model.json', JSON.stringify({ ...description, version: 99 })],
      ['model.json', JSON.stringify({ ...description, config: { ...description.config, ...otherOptions } })],
      ['model.json', JSON.stringify({ ...description, config: { noSuchOption: 1 } })],
      ['model.json', JSON.stringify({ ...description, exampleShape: [...data.exampleShape, 3] })],
    ];
    for (const [index, [file, content]] of damages.entries()) {
      const damaged = join(home, `${kind}-damaged-${index}`);
      await cp(folder, damaged, { recursive: true });
      await writeFile(join(damaged, file), content);
      await assert.rejects(load(damaged), (error) => {
        assert.ok(error instanceof FileFormatError, `${file}, damage ${index}: ${error}`);
        assert.ok(error.message.startsWith(damaged));
        return true;
      });
    }
    await rm(join(folder, 'weights.safetensors'));
    await assert.rejects(
      load(folder),
      (error) => error instanceof RunFolderError && /weights\.safetensors is missing/.test(error.message),
    );
    await assert.rejects(
      load(join(home, 'nowhere')),
      (error) => error instanceof RunFolderError && /holds no model/.test(error.message),
    );
  });

  requires('abort', async () => {
    const stop = new AbortController();
    const model = make();
    const report = await model.fit(data, {
      ...fitOptions,
      steps: 100_000,
      signal: stop.signal,
      observer: { onProgress: () => stop.abort() },
    });
    assert.equal(report.stoppedBecause, 'aborted');
    assert.equal(report.converged, false);
    assert.ok(report.iterations >= 1 && report.iterations < 100_000);
    assert.ok((await rows(model)).every(Number.isFinite));
    await model.save(join(home, `${kind}-aborted`));
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
    const model = make(divergingOptions);
    await assert.rejects(model.fit(data, { ...fitOptions, steps: 50 }), (error) => {
      assert.ok(error instanceof DivergedError, String(error));
      assert.ok(error.step >= 1 && error.step <= 50 && error.quantity !== '');
      assert.match(error.message, new RegExp(`step ${error.step}: .*kept.*What helps: .+`));
      return true;
    });
    assert.ok((await rows(model)).every(Number.isFinite));
  });

  requires('dispose', async () => {
    const unused = make();
    await unused.dispose();
    await unused.dispose();
    const model = await fitted();
    const before = await rows(model);
    await model.dispose();
    await model.dispose();
    assert.deepEqual(await rows(model), before);
    await model.dispose();
    await model.fit(data, fitOptions);
    assert.deepEqual(await rows(model), before);
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
      await assert.rejects(make().fit(unfit, { ...fitOptions, batchSize: 2 }), message);
  });

  requires('refused calls', async () => {
    const model = await fitted();
    for (const count of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      await assert.rejects(
        model.sample(count),
        (error) => error instanceof ConfigError && error.message.includes(String(count)),
      );
    await assert.rejects(model.sample(1, { seed: 0.5 }), ConfigError);
    const few: Dataset = subset(data, [0, 1, 2]);
    const wrong: readonly (readonly [FitOptions, RegExp, Dataset?])[] = [
      [{ epochs: 1, steps: 1 }, /received both/],
      [{ steps: 0 }, /steps is 0/],
      [{ batchSize: 0 }, /batch size is 0/],
      [{ batchSize: 2.5 }, /batch size is 2.5/],
      [{ seed: 0.5 }, /seed is 0.5/],
      [{ threads: -1 }, /threads is -1/],
      [{ batchSize: 4 }, /only 3|the 3 rows/, few],
    ];
    for (const [options, message, rowsToFit = data] of wrong)
      await assert.rejects(
        model.fit(rowsToFit, { ...fitOptions, ...options }),
        (error) => error instanceof ConfigError && message.test(error.message),
      );
    // None of that has spoilt what was learnt.
    assert.deepEqual(await rows(model), await rows(await fitted()));
  });

  requires('devices', async () => {
    const native = await fitted({ steps: 3 });
    const portable = await fitted({ steps: 3, device: 'wasm' });
    // The same seed means the same samples on every runtime, up to rounding.
    assertClose(await rows(portable), await rows(native), 1e-3);
  });

  requires('capabilities', async () => {
    const model = await fitted();
    for (const [name, has] of Object.entries(capabilities)) {
      if (!has(model)) continue;
      const check = Object.entries(capabilityChecks).find(([known]) => known === name)?.[1];
      assert.ok(check, `the capability "${name}" of ${kind} has no check in capability-checks.ts`);
      await check(model, data);
    }
  });

  requires('command line', async () => {
    const listed = JSON.parse((await runCli(['models', '--json'])).stdout);
    assert.ok(listed.some((entry: { kind: string }) => entry.kind === kind));
    const shown = JSON.parse((await runCli(['models', kind, '--json'])).stdout);
    assert.equal(shown.kind, kind);
    for (const { name, description } of shown.options)
      assert.ok(name && description, `the option ${name} of ${kind} has no description`);
    assert.ok(shown.description && shown.paper);
  });
}

function assertFrozen(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  assert.ok(Object.isFrozen(value));
  for (const part of Object.values(value)) assertFrozen(part);
}

/** float32 sums in another order differ in their last bits. */
function assertClose(actual: Float32Array, expected: Float32Array, tolerance = 1e-5): void {
  assert.equal(actual.length, expected.length);
  const worst = actual.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? Number.NaN))), 0);
  assert.ok(worst < tolerance, `they differ by up to ${worst}`);
}
