// What having a capability means, checked on a fitted model through its interface alone. A capability that some model has needs an
// entry here.
import assert from 'node:assert/strict';
import { ConfigError, NotFittedError, ShapeError } from '../src/core/errors.js';
import type { Dataset } from '../src/data/index.js';
import type { Conditional, FittableModel } from '../src/models/contract.js';
import { createModel } from '../src/models/registry.js';
import {
  canSample,
  hasBound,
  hasDecoder,
  hasDensity,
  hasJointDensity,
  hasLatent,
  hasPosterior,
} from '../src/models/tools/abilities.js';
import { bayesClassifier } from '../src/models/tools/bayes-classifier.js';
import { logSumExp } from '../src/models/tools/posterior.js';
import { random } from '../src/runtime/random.js';

type Check = (model: FittableModel, data: Dataset) => Promise<void>;

/** The checks by the names of capabilities. */
export const capabilityChecks: Readonly<Record<string, Check>> = {
  sample: async (model, data) => {
    assert.ok(canSample(model));
    assert.deepEqual((await model.sample(2)).shape, [2, ...data.exampleShape]);
  },

  density: async (model, data) => {
    assert.ok(hasDensity(model) && canSample(model));
    const drawn = await model.sample(5, { seed: 1 });
    const logProb = await model.logProb(drawn);
    assert.ok(logProb instanceof Float64Array);
    assert.equal(logProb.length, 5);
    // What a model draws is possible.
    assert.ok(logProb.every(Number.isFinite));
    // A row's density is its own, up to rounding: networks compute in float32, the others in float64.
    const precision = model.defaultBatchSize === undefined ? 1e-9 : 1e-6;
    const size = drawn.data.length / 5;
    const second = await model.logProb({ data: drawn.data.slice(size, 2 * size), shape: [1, ...data.exampleShape] });
    assert.ok(Math.abs((second[0] ?? 0) - (logProb[1] ?? 1)) <= precision * Math.max(1, Math.abs(second[0] ?? 0)));
    // Where the density is known joint with the class, it adds up to that of the row.
    if (hasJointDensity(model)) {
      const { values, classes } = await model.jointLogProb(drawn);
      for (const [row, value] of logProb.entries()) {
        const sum = logSumExp(values.subarray(row * classes.length, (row + 1) * classes.length));
        assert.ok(Math.abs(sum - value) <= 1e-9 * Math.max(1, Math.abs(value)));
      }
    }
    await assert.rejects(model.logProb({ data: new Float32Array(size + 1), shape: [1, size + 1] }), ShapeError);
    const unfitted = createModel(model.kind, model.config);
    assert.ok(hasDensity(unfitted));
    await assert.rejects(unfitted.logProb(drawn), NotFittedError);
  },

  bound: async (model, data) => {
    assert.ok(hasBound(model));
    // Rows of the data: what a model draws may be means of such rows.
    const { x } = await data.gather([0, 1, 2, 3, 4]);
    const rows = { data: x, shape: [5, ...data.exampleShape] };
    const { values, kind } = await model.logProbBound(rows, { samples: 2, seed: 1 });
    assert.ok(values instanceof Float64Array && values.length === 5 && values.every(Number.isFinite));
    assert.ok(['elbo', 'importance', 'ais', 'exact'].includes(kind));
    // The same seed gives the same values, and a row's value is its own.
    assert.deepEqual((await model.logProbBound(rows, { samples: 2, seed: 1 })).values, values);
    const size = x.length / 5;
    const first = { data: x.slice(0, size), shape: [1, ...data.exampleShape] };
    const alone = (await model.logProbBound(first, { samples: 2, seed: 1 })).values;
    assert.ok(Math.abs((alone[0] ?? 0) - (values[0] ?? 1)) <= 1e-4 * Math.max(1, Math.abs(values[0] ?? 0)));
    await assert.rejects(model.logProbBound({ data: new Float32Array(size + 1), shape: [1, size + 1] }), ShapeError);
    const unfitted = createModel(model.kind, model.config);
    assert.ok(hasBound(unfitted));
    await assert.rejects(unfitted.logProbBound(rows), NotFittedError);
  },

  conditional: async (model, data) => {
    assert.ok(isConditional(model) && canSample(model));
    assert.deepEqual(model.labels, data.classes ?? []);
    for (const [number, label] of model.labels.entries()) {
      const { labels } = await model.sample(3, { seed: 1, given: { label } });
      assert.deepEqual(labels, new Int32Array(3).fill(number));
    }
    await assert.rejects(model.sample(1, { given: { label: 'no such class' } }), ConfigError);
  },

  classify: async (model, data) => {
    // Bayes' rule makes the same of a density joint with the class.
    const classifier = hasPosterior(model) ? model : hasJointDensity(model) ? bayesClassifier(model) : undefined;
    assert.ok(classifier);
    const { x } = await data.gather([0, 1, 2, 3, 4]);
    const rows = { data: x, shape: [5, ...data.exampleShape] };
    const { values, classes } = await classifier.predictProba(rows);
    assert.deepEqual(classes, data.classes);
    assert.deepEqual(classifier.classes, classes);
    assert.equal(values.length, 5 * classes.length);
    for (let row = 0; row < 5; row++) {
      const ofRow = values.subarray(row * classes.length, (row + 1) * classes.length);
      assert.ok(Math.abs(ofRow.reduce((sum, value) => sum + value, 0) - 1) < 1e-9);
    }
    assert.deepEqual((await classifier.predictLogProba(rows)).values.map(Math.exp), values);
    // A row's class is its own, and data sets are answered as samples are.
    const size = x.length / 5;
    const second = { data: x.slice(size, 2 * size), shape: [1, ...data.exampleShape] };
    const alone = (await classifier.predictProba(second)).values;
    for (const [label, value] of alone.entries())
      assert.ok(Math.abs(value - (values[classes.length + label] ?? 0)) < 1e-5);
    assert.deepEqual((await classifier.predict(data)).subarray(0, 5), await classifier.predict(rows));
    const wide = { data: new Float32Array(size + 1), shape: [1, size + 1] };
    await assert.rejects(classifier.predict(wide), ShapeError);
    const unfitted = createModel(model.kind, model.config);
    const early = hasPosterior(unfitted) ? unfitted : hasJointDensity(unfitted) ? bayesClassifier(unfitted) : undefined;
    await assert.rejects(async () => early?.predict(rows), NotFittedError);
  },

  encode: async (model, data) => {
    assert.ok(hasLatent(model) && canSample(model));
    const drawn = await model.sample(3, { seed: 1 });
    const codes = await model.encode(drawn);
    assert.equal(codes.shape[0], 3);
    const { shape, data: kept } = await model.reconstruct(drawn);
    assert.deepEqual(shape, [3, ...data.exampleShape]);
    const decoded = (await model.decode(codes)).data;
    for (const [i, value] of kept.entries()) assert.ok(Math.abs(value - (decoded[i] ?? Number.NaN)) < 1e-5);
    // From one row to the next, ends included.
    const size = kept.length / 3;
    const [a, b] = [0, 1].map((row) => ({
      data: drawn.data.slice(row * size, (row + 1) * size),
      shape: [1, ...data.exampleShape],
      ...(drawn.labels === undefined ? {} : { labels: drawn.labels.slice(row, row + 1) }),
    }));
    assert.ok(a && b);
    const path = await model.interpolate(a, b, 4);
    assert.deepEqual(path.shape, [4, ...data.exampleShape]);
    for (let i = 0; i < size; i++) {
      assert.ok(Math.abs((path.data[i] ?? 0) - (kept[i] ?? Number.NaN)) < 1e-5);
      assert.ok(Math.abs((path.data[3 * size + i] ?? 0) - (kept[size + i] ?? Number.NaN)) < 1e-5);
    }
    await assert.rejects(model.encode({ data: new Float32Array(size + 1), shape: [1, size + 1] }), ShapeError);
    const unfitted = createModel(model.kind, model.config);
    assert.ok(hasLatent(unfitted));
    await assert.rejects(unfitted.encode(drawn), NotFittedError);
  },

  decode: async (model, data) => {
    assert.ok(hasDecoder(model));
    const { latentSize } = model;
    // The codes of models that are conditional on classes go with labels.
    const labelled = (rows: number): { readonly labels?: Int32Array } =>
      isConditional(model) && model.labels.length > 0 ? { labels: new Int32Array(rows).fill(1) } : {};
    const codes = { data: random(1).normal(3 * latentSize), shape: [3, latentSize], ...labelled(3) };
    const all = await model.decode(codes);
    assert.deepEqual(all.shape, [3, ...data.exampleShape]);
    // A row depends on its own code only.
    const own = codes.data.slice(latentSize, 2 * latentSize);
    const second = await model.decode({ data: own, shape: [1, latentSize], ...labelled(1) });
    const size = second.data.length;
    for (let i = 0; i < size; i++) assert.ok(Math.abs((second.data[i] ?? 0) - (all.data[size + i] ?? 1)) < 1e-5);
    await assert.rejects(
      model.decode({ data: new Float32Array(latentSize + 1), shape: [1, latentSize + 1] }),
      /codes have to be/,
    );
    const unfitted = createModel(model.kind, model.config);
    assert.ok(hasDecoder(unfitted));
    await assert.rejects(unfitted.decode(codes), NotFittedError);
  },
};

function isConditional(model: FittableModel): model is FittableModel & Conditional {
  return 'labels' in model;
}
