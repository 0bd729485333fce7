// What every kind of model is and can do: the contract of src/models/contract.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli } from '../src/cli/testing/run-cli.js';
import { ConfigError, NotFittedError } from '../src/core/errors.js';
import { type Dataset, exampleSize, subset } from '../src/data/index.js';
import { capabilities, type FitOptions, type HasLatent } from '../src/models/contract.js';
import { drawPictures } from '../src/models/pictures/draw-pictures.js';
import { createModel, models } from '../src/models/registry.js';
import { takesBatches } from '../src/models/takes-batches.js';
import { canSample, hasDecoder, hasDensity, hasEncoder } from '../src/models/tools/abilities.js';
import { samplesOf } from '../src/models/tools/rows.js';
import { svgToPng } from '../src/plot/index.js';
import { assertClose, assertFrozen } from './assertions.js';
import { capabilityChecks } from './capability-checks.js';
import { cases } from './cases.js';
import { everyModel } from './harness.js';

test('every kind of model has a case, and every case a kind', () => {
  const kinds = new Set(Object.entries(cases).map(([name, { kind = name }]) => kind));
  assert.deepEqual([...kinds].sort(), Object.keys(models).sort());
});

test('a case has a batch size exactly where its model is trained batch by batch', () => {
  for (const [name, { kind = name, options, batchSize }] of Object.entries(cases))
    assert.equal(batchSize !== undefined, takesBatches(createModel(kind, options)), name);
});

// What "verisim models" prints, for every kind to be found in.
const listing = runCli(['models', '--json']);

everyModel(({ kind, one: { options, data }, fitOptions, requires, make, fitted, shared, rows }) => {
  const drawing = async () => {
    const model = await shared();
    assert.ok(canSample(model), `${kind} draws no rows`);
    return model;
  };

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
    for (const use of [() => rows(model), () => model.save('never')])
      await assert.rejects(
        use(),
        (error) => error instanceof NotFittedError && /Call fit\(data\) first/.test(error.message),
      );
  });

  requires('seeds of sample', async () => {
    const model = await drawing();
    assert.deepEqual(await rows(model), await rows(model));
    assert.notDeepEqual(await rows(model, 5, 1), await rows(model, 5, 2));
    assert.notDeepEqual((await model.sample(5)).data, (await model.sample(5)).data);
  });

  requires('sampled rows', async () => {
    const { data: values, shape } = await (await drawing()).sample(7, { seed: 1 });
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
    const model = await shared();
    // 600 rows are drawn in several batches; with the same seed the first ones are those of a smaller count, up to rounding.
    const many = await rows(model, 600);
    const few = await rows(model, 5);
    assertClose(many.slice(0, few.length), few);
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

  requires('refused calls', async () => {
    const model = await drawing();
    const before = await rows(model);
    for (const count of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      await assert.rejects(
        model.sample(count),
        (error) => error instanceof ConfigError && error.message.includes(String(count)),
      );
    await assert.rejects(model.sample(1, { seed: 0.5 }), ConfigError);
    // None of that has spoilt what was learnt.
    assert.deepEqual(await rows(model), before);
  });

  requires('refused training options', async () => {
    const model = await shared();
    const before = await rows(model);
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
    assert.deepEqual(await rows(model), before);
  });

  requires('capabilities', async () => {
    const model = await shared();
    for (const [name, has] of Object.entries(capabilities)) {
      if (!has(model)) continue;
      const check = Object.entries(capabilityChecks).find(([known]) => known === name)?.[1];
      assert.ok(check, `the capability "${name}" of ${kind} has no check in capability-checks.ts`);
      await check(model, data);
    }
  });

  requires('pictures', async () => {
    await assert.rejects(drawPictures(make()), NotFittedError);
    const model = await shared();
    const pictures = await drawPictures(model, { data, seed: 1 });
    const names = pictures.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    // What a model can show of itself, the plane of its codes, and a density over a few columns of numbers are always drawn.
    const hasPlane = hasEncoder(model) && (await codeSize(model, data)) === 2;
    const isImages = data.exampleShape.length === 3;
    // A decoder shows the plane of its codes, where these have two numbers.
    const isPlanar = !hasDecoder(model) || model.latentSize === 2;
    if (isImages && 'portraits' in model && isPlanar) assert.ok(names.length > 0);
    const isFlat = data.exampleShape.length === 1 && exampleSize(data.exampleShape) <= 2;
    const isDense = isFlat && hasDensity(model) && model.isDiscrete !== true;
    if (isFlat) assert.deepEqual(names, [...(hasPlane ? ['codes'] : []), ...(isDense ? ['density'] : [])]);
    for (const { title, svg } of pictures) {
      assert.ok(title.startsWith(`${kind} on ${data.name}: `));
      assert.ok((await svgToPng(svg, { scale: 1 })).length > 0);
      assert.doesNotMatch(svg.replaceAll(/href="[^"]*"/g, ''), /NaN|Infinity|undefined/);
    }
    assert.deepEqual(await drawPictures(model, { data, seed: 1 }), pictures);
  });

  requires('command line', async () => {
    const listed = JSON.parse((await listing).stdout);
    assert.ok(listed.some((entry: { kind: string }) => entry.kind === kind));
    const shown = JSON.parse((await runCli(['models', kind, '--json'])).stdout);
    assert.equal(shown.kind, kind);
    for (const { name, description } of shown.options)
      assert.ok(name && description, `the option ${name} of ${kind} has no description`);
    assert.ok(shown.description && shown.paper);
  });
});

/** The numbers in a code. */
async function codeSize(model: HasLatent, data: Dataset): Promise<number> {
  const { shape } = await model.encode(await samplesOf(data, [0]));
  return shape.slice(1).reduce((product, side) => product * side, 1);
}
